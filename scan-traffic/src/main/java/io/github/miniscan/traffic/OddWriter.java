package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.ScanRecord;
import java.util.Base64;
import java.util.List;

/** Writes scans rightly, but as no one would: a decoder must take them all the same. */
final class OddWriter {

  private static final List<String> IGNORED_NAMES =
      List.of(
          "\"x\"",
          "\"\"",
          "\"IP\"",
          "\"Port\"",
          "\"ip \"",
          "\"response_str\"",
          "\"response_bytes_utf8\"",
          "\"data_format\"",
          "\"\\u0000\"",
          "\"\u202e\ud83d\ude00\"");

  private static final List<String> IGNORED_VALUES =
      List.of(
          "null",
          "true",
          "-0.0e+5",
          "\"\"",
          "\"\\ud800\"",
          "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
          "{}",
          "[]",
          "[1,[2,{\"ip\":null,\"ip\":3}],\"x\"]",
          "{\"ip\":1,\"ip\":2,\"data\":{\"response_str\":1,\"response_str\":2}}",
          "[".repeat(990) + "]".repeat(990),
          "1".repeat(1_000),
          "\"" + "long ".repeat(100) + "\"");

  private OddWriter() {}

  static byte[] write(ScanRecord scan, int version, Dice dice) {
    ScanJson json = ScanJson.of(scan, version);
    if (dice.below(2) == 0) {
      json.set("ip", '"' + IpSpelling.of(scan.key().ip(), dice) + '"');
    }
    if (scan.key().port() == 0 && dice.below(2) == 0) {
      json.set("port", "-0");
    }
    if (dice.below(3) == 0) {
      json.set("service", escaped(ScanJson.quoted(scan.key().service()), dice));
    }
    if (dice.below(2) == 0) {
      json.set("data", data(scan, version, dice).spaced(dice));
    }
    if (dice.below(2) == 0) {
      json.shuffle(dice);
    }
    if (dice.below(6) == 0) {
      json.escapeNames(dice);
    }
    for (int i = dice.below(5) - 2; i > 0; i--) {
      json.insert(dice.below(7), dice.oneOf(IGNORED_NAMES), dice.oneOf(IGNORED_VALUES));
    }
    return (dice.below(2) == 0 ? json.compact() : json.spaced(dice)).getBytes(UTF_8);
  }

  private static ScanJson data(ScanRecord scan, int version, Dice dice) {
    byte[] response = scan.response().bytesUncopied();
    ScanJson data = new ScanJson();
    data.set(
        ScanJson.responseField(version),
        version == 1 ? base64(response, dice) : text(new String(response, UTF_8), dice));
    if (dice.below(2) == 0) {
      data.set(
          ScanJson.responseField(3 - version),
          dice.oneOf(List.of("null", "5", "\"no\"", "\"!!!\"", "{\"response_str\":1}", "[[]]")));
    }
    if (dice.below(2) == 0) {
      data.insert(dice.below(3), "\"response_len\"", dice.oneOf(IGNORED_VALUES.subList(0, 10)));
    }
    data.shuffle(dice);
    return data;
  }

  /** RFC 4648: padded or not, and with anything in the bits that are left over. */
  private static String base64(byte[] bytes, Dice dice) {
    StringBuilder text = new StringBuilder(Base64.getEncoder().encodeToString(bytes));
    int padding = (3 - bytes.length % 3) % 3;
    if (padding > 0 && dice.below(2) == 0) {
      int last = text.length() - padding - 1;
      int leftOver = dice.below(padding == 1 ? 4 : 16);
      // With zeros for left-over bits the last letter is one of A, E, I, M, ... or A, Q, g, w.
      String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      int value = alphabet.indexOf(text.charAt(last));
      text.setCharAt(last, alphabet.charAt(value | leftOver));
    }
    if (dice.below(2) == 0) {
      text.setLength(text.length() - padding);
    }
    return '"' + text.toString().replace("/", dice.below(2) == 0 ? "/" : "\\/") + '"';
  }

  /** Text in which U+FFFD may be written as what becomes it: an escaped lone surrogate. */
  private static String text(String text, Dice dice) {
    String quoted = ScanJson.quoted(text);
    return switch (dice.below(3)) {
      case 0 -> quoted.replace("\ufffd", dice.below(2) == 0 ? "\\uD800" : "\\udfff");
      case 1 -> escaped(quoted, dice);
      default -> quoted;
    };
  }

  /** The same JSON string with some more of its characters as escapes. */
  static String escaped(String quoted, Dice dice) {
    StringBuilder json = new StringBuilder("\"");
    int end = quoted.length() - 1;
    for (int i = 1; i < end; i++) {
      char c = quoted.charAt(i);
      if (c == '\\') {
        int length = quoted.charAt(i + 1) == 'u' ? 6 : 2;
        json.append(quoted, i, i + length);
        i += length - 1;
      } else if (Character.isSurrogate(c) || dice.below(3) == 0) {
        ScanJson.appendEscape(json, c, dice.below(2) == 1);
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
