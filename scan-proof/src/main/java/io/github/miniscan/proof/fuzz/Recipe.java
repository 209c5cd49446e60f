package io.github.miniscan.proof.fuzz;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Makes a message that is JSON, or nearly so, of any bytes: what changes one of them changes one
 * field. A fuzzer that changes the text itself seldom gets past its braces.
 */
final class Recipe {

  /** What the times of {@link #message} lie about. */
  static final Instant PUBLISHED = Instant.parse("2026-11-21T00:00:00Z");

  private static final List<String> NAMES =
      List.of("ip", "port", "service", "timestamp", "data_version", "data");

  private static final List<String> ANY =
      List.of(
          "null",
          "true",
          "false",
          "{}",
          "[]",
          "\"\"",
          "0",
          "-1",
          "1.0",
          "1e0",
          "[1]",
          "{\"a\":1}",
          "\"null\"",
          "123456789012345678901234567890",
          "-0",
          "-0.0",
          "01",
          "+1",
          "NaN",
          "'x'",
          "");

  private static final List<String> ADDRESSES =
      List.of(
          "1.1.1.1",
          "0.0.0.0",
          "255.255.255.255",
          "256.1.1.1",
          "1.1.1",
          "01.1.1.1",
          "1.1.1.1.",
          "::",
          "::1",
          "2001:DB8::1",
          "::ffff:1.2.3.4",
          "::ffff:0102:0304",
          "1:2:3:4:5:6:7:8",
          "1:2:3:4:5:6:7::",
          "1::3:4:5:6:7:8",
          "::1.2.3.4",
          "1:2:3:4:5:6:1.2.3.4",
          "fe80::1%eth0",
          "[::1]",
          "1::2::3",
          " 1.1.1.1",
          "1.1.1.1\\n",
          "localhost",
          "\\u0031.1.1.1",
          "٣.1.1.1");

  private static final List<String> PORTS =
      List.of(
          "80",
          "0",
          "65535",
          "65536",
          "-1",
          "-0",
          "80.0",
          "8e1",
          "\"80\"",
          "080",
          "4294967376",
          "18446744073709551696",
          "2147483648");

  private static final List<String> TIMES =
      List.of(
          "1795219200",
          "1795219201",
          "1795305600",
          "1795305601",
          "1795305602",
          "0",
          "-1",
          "-0",
          "9223372036854775807",
          "9223372036854775808",
          "31556889864403199",
          "31556889864403200",
          "31556889864489599",
          "31556889864489600",
          "1.0",
          "1e9",
          "\"1795219200\"",
          "1795219199");

  private static final List<String> CHARACTERS =
      List.of(
          "a",
          "HTTP",
          " ",
          "\\u0000",
          "\\n",
          "\\u007f",
          "\u007f",
          "\\u0085",
          "\u0085",
          "\\u00a0",
          "\u2007",
          "\\u2028",
          "\u3000",
          "\\u200b",
          "\\ufeff",
          "\ufeff",
          "\u00e9",
          "\u4e2d",
          "\ud83d\ude00",
          "\\ud83d\\ude00",
          "\\ud83d",
          "\\ude00",
          "\\ude00\\ud83d",
          "\uffff",
          "\\uFFFD",
          "\\\\",
          "\\\"",
          "\\/",
          "/",
          "\\x",
          "\\u00g0",
          "\t",
          "\\b\\f\\r\\t",
          "\u180e");

  private static final List<String> BASE64 =
      List.of(
          "QQ==", "QUI=", "QUJD", "QQ", "Qf", "QUI", "=", "A", "+/", "-_", "\\n", " ", "\\u0041");

  private static final List<String> SPACES = List.of("", "", "", " ", "\\t", "\n", "\r", "\u00a0");

  private final byte[] choices;
  private final StringBuilder json = new StringBuilder(256);
  private int at;

  private Recipe(byte[] choices, int from) {
    this.choices = choices;
    this.at = from;
  }

  /** The message that these bytes choose, from an offset on. */
  static byte[] message(byte[] choices, int from) {
    Recipe recipe = new Recipe(choices, from);
    recipe.message();
    return recipe.json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void message() {
    int first = choice(NAMES.size());
    int oddity = choice(64);
    json.append('{');
    for (int i = 0; i < NAMES.size(); i++) {
      String name = NAMES.get((first + i) % NAMES.size());
      int kind = choice(16);
      if (kind == 15) {
        continue;
      }
      if (kind == 14) {
        field("\\u00" + Integer.toHexString(name.charAt(0)) + name.substring(1), name, 0);
        continue;
      }
      field(name, name, kind);
      if (kind == 13) {
        field(name, name, 0);
      }
    }
    if (oddity >= 32) {
      nested(oddity - 32);
    }
    if (json.charAt(json.length() - 1) == ',' && oddity != 1) {
      json.setLength(json.length() - 1);
    }
    json.append(oddity == 2 ? "" : "}").append(oddity == 3 ? "{}" : "");
    json.append(space());
  }

  private void field(String written, String name, int kind) {
    json.append('"').append(written).append('"').append(space()).append(':').append(space());
    if (kind == 12) {
      json.append(oneOf(ANY));
    } else {
      switch (name) {
        case "ip" -> json.append('"').append(oneOf(ADDRESSES)).append('"');
        case "port" -> json.append(oneOf(PORTS));
        case "service" -> text(CHARACTERS);
        case "timestamp" -> json.append(oneOf(TIMES));
        case "data_version" -> json.append(kind < 6 ? "1" : kind < 11 ? "2" : "3");
        default -> data();
      }
    }
    json.append(space()).append(',');
  }

  private void data() {
    int which = choice(8);
    json.append('{');
    if (which < 5) {
      json.append("\"response_bytes_utf8\":");
      text(BASE64);
      json.append(',');
    }
    if (which > 2) {
      json.append("\"response_str\":");
      text(CHARACTERS);
      json.append(',');
    }
    if (which == 7) {
      json.append("\"response_str\":").append(oneOf(ANY)).append(',');
    }
    json.setCharAt(json.length() - 1, '}');
  }

  /** A text of a few parts, of which one may be repeated up to the limit of a service's name. */
  private void text(List<String> parts) {
    int count = choice(6);
    json.append('"');
    for (int i = 0; i < count; i++) {
      String part = oneOf(parts);
      int times = choice(256);
      json.append(times < 200 ? part : part.repeat(times - 200 + 1));
      if (times >= 250) {
        json.append(part.repeat(200));
      }
    }
    json.append('"');
  }

  private void nested(int depth) {
    String open = choice(2) == 0 ? "[" : "{\"ip\":";
    json.append("\"other\":").append(open.repeat(depth)).append(oneOf(ANY));
    json.append((open.equals("[") ? "]" : "}").repeat(depth)).append(',');
  }

  private String space() {
    return SPACES.get(choice(32) % 32 < 28 ? 0 : choice(SPACES.size()));
  }

  private String oneOf(List<String> values) {
    return values.get(choice(values.size()));
  }

  private int choice(int bound) {
    return at < choices.length ? Byte.toUnsignedInt(choices[at++]) % bound : 0;
  }
}
