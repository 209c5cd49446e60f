package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.Response;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What services answer: plain banners, and what attackers put in their place. */
final class Responses {

  private static final int POOL_BYTES = 1 << 17;
  private static final int LARGE_SHARE_OF_ODD = 200;
  private static final int LARGEST = 1 << 16;

  private static final List<String> BANNERS =
      List.of(
          "HTTP/1.1 200 OK\r\nServer: nginx/1.24.0\r\nContent-Type: text/html\r\n\r\n",
          "HTTP/1.1 301 Moved Permanently\r\nLocation: https://example.com/\r\n\r\n",
          "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"router\"\r\n\r\n",
          "HTTP/1.0 404 Not Found\r\nServer: Apache/2.4.58 (Debian)\r\n\r\n",
          "SSH-2.0-OpenSSH_9.6p1 Debian-4\r\n",
          "SSH-2.0-dropbear_2022.83\r\n",
          "220 mail.example.com ESMTP Postfix\r\n",
          "220 (vsFTPd 3.0.5)\r\n",
          "5.7.44-log mysql_native_password\n",
          "-NOAUTH Authentication required.\r\n",
          "version.bind. 0 CH TXT \"9.18.24\"\n",
          "<html><head><title>Welcome</title></head><body>It works!</body></html>\n");

  private static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "\u0000",
          "a\u0000b",
          "\u001b[31mred\u001b[0m",
          "\u001b]0;title\u0007",
          "\u001b[2J\u001b[1;1H",
          "\u009b31mred",
          "\u007f\u0080\u0085\u009f",
          "abc\u202edef\u202c\u2066ghi\u2069",
          "line one\r\nline two\n\ttabbed",
          "\u2028\u2029",
          "\ufeffbyte order mark",
          "=1+1\",\"x\"",
          "=cmd|' /C calc'!A0",
          "'; DROP TABLE scan; --",
          "<script>alert(1)</script>&amp;",
          "\\u0041 \\n \\",
          "{\"ip\":\"9.9.9.9\"}",
          "SGVsbG8=",
          "null",
          "\ufffd\ufffd",
          "h\u00e9llo \u4e16\u754c \ud83d\ude00 \u05e9\u05dc\u05d5\u05dd",
          "\uffff\udbff\udfff",
          "e\u0301\u0301\u0301");

  private final TrafficOptions options;
  private final byte[] banners = new byte[POOL_BYTES];
  private final int[] bannerStarts;
  private final byte[] binary = new byte[POOL_BYTES];

  Responses(TrafficOptions options) {
    this.options = options;
    Dice dice = new Dice(options.seed());
    bannerStarts = fillWithBanners(banners, dice);
    for (int i = 0; i < POOL_BYTES; i++) {
      binary[i] = (byte) dice.next();
    }
  }

  /** Fills the pool, and gives the places where a banner begins. */
  private static int[] fillWithBanners(byte[] pool, Dice dice) {
    IntStream.Builder starts = IntStream.builder();
    int filled = 0;
    while (filled < pool.length) {
      byte[] banner = dice.oneOf(BANNERS).getBytes(US_ASCII);
      int length = Math.min(banner.length, pool.length - filled);
      System.arraycopy(banner, 0, pool, filled, length);
      if (filled < POOL_BYTES - LARGEST) {
        starts.add(filled);
      }
      filled += length;
    }
    return starts.build().toArray();
  }

  Response next(Dice dice) {
    if (!dice.chance(options.odd())) {
      return banner(dice, dice.below(2 * options.responseBytes()) + 1);
    }
    if (dice.below(LARGE_SHARE_OF_ODD) == 0) {
      int length = dice.below(LARGEST);
      return dice.below(2) == 0 ? banner(dice, length) : binary(dice, length);
    }
    return switch (dice.below(3)) {
      case 0 -> binary(dice, dice.below(2 * options.responseBytes()));
      case 1 -> Response.wrap((dice.oneOf(HOSTILE) + dice.below(10)).getBytes(UTF_8));
      default -> Response.wrap(dice.oneOf(HOSTILE).getBytes(UTF_8));
    };
  }

  /** A response that differs from this one in what a comparison is easily wrong about. */
  Response besides(Response response, Dice dice) {
    byte[] bytes = response.bytes();
    if (bytes.length == 0) {
      return Response.wrap(new byte[] {(byte) dice.next()});
    }
    switch (dice.below(5)) {
      case 0 -> bytes = new byte[0];
      case 1 -> bytes = Arrays.copyOf(bytes, bytes.length - 1);
      case 2 -> bytes = Arrays.copyOf(bytes, bytes.length + 1);
      case 3 -> bytes[dice.below(bytes.length)] ^= (byte) 0x80;
      default -> bytes[bytes.length - 1] ^= (byte) (1 + dice.below(3));
    }
    return Response.wrap(bytes);
  }

  private Response banner(Dice dice, int length) {
    return slice(banners, bannerStarts[dice.below(bannerStarts.length)], length);
  }

  private Response binary(Dice dice, int length) {
    return slice(binary, dice.below(POOL_BYTES - LARGEST), length);
  }

  private static Response slice(byte[] pool, int from, int length) {
    return Response.wrap(Arrays.copyOfRange(pool, from, from + Math.min(length, LARGEST)));
  }
}
