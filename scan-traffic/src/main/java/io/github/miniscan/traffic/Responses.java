package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.Response;
import java.util.Arrays;
import java.util.List;

/** What services answer: plain banners, and what attackers put in their place. */
final class Responses {

  private static final int POOL_BYTES = 1 << 17;
  private static final int LARGE_SHARE_OF_ODD = 200;
  private static final int LARGEST = 1 << 16;

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
  private final byte[] binary = new byte[POOL_BYTES];

  Responses(TrafficOptions options) {
    this.options = options;
    Dice dice = new Dice(options.seed());
    byte[] letters =
        "abcdefghijklmnopqrstuvwxyz ABCDEFGH 0123456789 .:;/-_()\"<>".getBytes(US_ASCII);
    for (int i = 0; i < POOL_BYTES; i++) {
      banners[i] = letters[dice.below(letters.length)];
      binary[i] = (byte) dice.next();
    }
  }

  Response next(Dice dice) {
    if (!dice.chance(options.odd())) {
      return slice(banners, dice, dice.below(2 * options.responseBytes()) + 1);
    }
    if (dice.below(LARGE_SHARE_OF_ODD) == 0) {
      return slice(dice.below(2) == 0 ? banners : binary, dice, dice.below(LARGEST));
    }
    return switch (dice.below(3)) {
      case 0 -> slice(binary, dice, dice.below(2 * options.responseBytes()));
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

  private static Response slice(byte[] pool, Dice dice, int length) {
    int from = dice.below(POOL_BYTES - LARGEST);
    int end = from + Math.min(length, LARGEST);
    return Response.wrap(Arrays.copyOfRange(pool, from, end));
  }
}
