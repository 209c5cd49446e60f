package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.Reason;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All the ways in which a message is wrong, by the reason for which it must be rejected.
 *
 * <p>Whether a time is in the future depends on when it is published: those here are beyond the
 * year 2090, so that they are whenever that is.
 */
final class Defects {

  /** The reasons that a decoder gives for what was published, in order of precedence. */
  static final List<Reason> REASONS =
      List.of(
          Reason.MALFORMED_JSON,
          Reason.MISSING_FIELD,
          Reason.UNSUPPORTED_DATA_VERSION,
          Reason.INVALID_IP,
          Reason.INVALID_PORT,
          Reason.INVALID_SERVICE,
          Reason.INVALID_TIMESTAMP,
          Reason.FUTURE_TIMESTAMP,
          Reason.INVALID_DATA);

  private static final int SECOND_DEFECT = 5;
  private static final List<String> FIELDS =
      List.of("ip", "port", "service", "timestamp", "data_version", "data");
  private static final Map<Reason, List<FieldDefect>> BY_REASON = new LinkedHashMap<>();

  static {
    for (String field : FIELDS) {
      add(Reason.MISSING_FIELD, field, (String) null);
      add(Reason.MISSING_FIELD, field, "null");
    }
    add(
        Reason.UNSUPPORTED_DATA_VERSION,
        "data_version",
        "0 3 99 -1 257 258 4294967297 4294967298 9223372036854775808 \"2\" \"1\" 2.0 1e0 true [] {} [2]");
    add(
        Reason.INVALID_IP,
        "ip",
        "\"\" \"1.1.1\" \"16843009\" \"999.1.1.1\" \"1.1.1.256\" \"1.1.1.1.1\" \"host.example\""
            + " \"localhost\" \"010.0.0.1\" \"1.1.1.01\" \"0x1.1.1.1\" \"1.1.1.1/32\" \"1.1.1.1:80\""
            + " \"fe80::1%eth0\" \"[::1]\" \"1::2::3\" \"12345::\" \"::1.2.3.256\" \"1.1.1.\uff11\""
            + " \":::\" \"1:2:3:4:5:6:7\" \"1:2:3:4:5:6:7:8:9\" \"::g\" \"1.1.1.1\\u0000\""
            + " \"\\u001b[31m1.1.1.1\" \"\u202e1.1.1.1\" \"\\ud800\" 16843009 1.1 true [] {}"
            + " [\"1.1.1.1\"] {\"ip\":\"1.1.1.1\"}");
    add(Reason.INVALID_IP, "ip", List.of("\" 1.1.1.1\"", "\"1.1.1.1 \"", "\"1.1.1.1\\n\""));
    add(
        Reason.INVALID_PORT,
        "port",
        "65536 65616 -1 4294967295 4294967376 9223372036854775807 9223372036854775808 80.0 8e1 0.0"
            + " -0.0 1e400 \"80\" \"\" true false [] [80] {} {\"port\":80} "
            + "9".repeat(1_000));
    add(
        Reason.INVALID_SERVICE,
        "service",
        List.of(
            "\"\"",
            "\"   \"",
            "\"\u00a0\u2007\u3000\"",
            "\"\\u2028\"",
            "\"\u0085\"",
            "\"HT\u0085TP\"",
            "\"HT\u007fTP\"",
            "\"HT\\nTP\"",
            "\"\\u0000\"",
            "\"HT\\ud800TP\"",
            "\"\\udc00\"",
            "\"\\u001b[31mHTTP\"",
            "\"" + "S".repeat(256) + "\"",
            "\"" + "\u00e9".repeat(128) + "\"",
            "\"" + "\ud83d\ude00".repeat(64) + "\"",
            "5",
            "1.5",
            "true",
            "[]",
            "{}",
            "[\"HTTP\"]"));
    add(
        Reason.INVALID_TIMESTAMP,
        "timestamp",
        "-1 -1700000000 1700000000.5 1700000000.0 1.7e9 1e400 \"1700000000\" \"\" true [] {}"
            + " [1700000000] 9223372036854775808 -9223372036854775808 -9223372036854775809"
            + " \"2023-11-14T22:13:20Z\" "
            + "1".repeat(1_000));
    add(
        Reason.FUTURE_TIMESTAMP,
        "timestamp",
        "4102444800 9999999999 1700000000000 1700000000000000 1700000000000000000"
            + " 9223372036854775807");
    add(Reason.INVALID_DATA, "data", "[] \"\" \"aGVsbG8=\" 5 1.5 true {} {\"data\":{}}");
    for (int version = 1; version <= 2; version++) {
      for (String value : List.of("null", "5", "1.5", "true", "{}", "[]", "[104,105]")) {
        addData(version, ScanJson.responseField(version), value);
      }
      addData(version, ScanJson.responseField(3 - version), "\"eWVz\"");
      addData(version, ScanJson.responseField(version).toUpperCase(Locale.ROOT), "\"\"");
    }
    for (String base64 :
        List.of(
            "aGVsbG8gd29ybGQ=x",
            "aGVsbG8gd29ybGQ==",
            "aGVsbG8=aGVsbG8=",
            " aGVsbG8=",
            "aGVsbG8=\\n",
            "aGVs\\nbG8=",
            "aGVs bG8=",
            "!!!",
            "_-8=",
            "aGVsbG8_",
            "a",
            "aGVsb",
            "=",
            "====",
            "a===",
            "aG=",
            "aGVsbG8\u00e9",
            "\ud83d\ude00",
            "aGVs\\u0000",
            "\\ud800")) {
      addData(1, "response_bytes_utf8", '"' + base64 + '"');
    }
  }

  /**
   * A field that is wrong by itself.
   *
   * @param field which one
   * @param value what it holds as raw JSON; null when it is absent
   * @param version the version that must be given for it to be wrong; 0 when that does not matter
   */
  private record FieldDefect(Reason reason, String field, @Nullable String value, int version) {

    void spoil(ScanJson json) {
      if (value == null) {
        json.remove(field);
      } else {
        json.set(field, value);
      }
      if (version > 0) {
        json.set("data_version", Integer.toString(version));
      }
    }

    Set<String> fields() {
      return version > 0 ? Set.of(field, "data_version") : Set.of(field);
    }

    /** Of several defects the one of least rank is the reason; see DESIGN's order of precedence. */
    int rank() {
      return field.equals("data_version") ? 0 : REASONS.indexOf(reason);
    }
  }

  private Defects() {}

  /** A message that must be rejected for this reason, made from one that is right. */
  static byte[] spoil(ScanJson json, Reason reason, Dice dice) {
    if (reason.equals(Reason.MALFORMED_JSON)) {
      return malformed(json, dice);
    }
    if (reason.equals(Reason.MISSING_FIELD) && dice.below(8) == 0) {
      return earlierFormat(json, dice).getBytes(UTF_8);
    }
    FieldDefect defect = dice.oneOf(fieldDefects(reason));
    if (dice.below(SECOND_DEFECT) == 0) {
      FieldDefect second = dice.oneOf(fieldDefects(dice.oneOf(REASONS.subList(1, REASONS.size()))));
      boolean apart = second.fields().stream().noneMatch(defect.fields()::contains);
      if (apart && second.rank() > defect.rank()) {
        second.spoil(json);
      }
    }
    defect.spoil(json);
    if (dice.below(3) == 0) {
      json.shuffle(dice);
    }
    return (dice.below(3) == 0 ? json.spaced(dice) : json.compact()).getBytes(UTF_8);
  }

  private static List<FieldDefect> fieldDefects(Reason reason) {
    return BY_REASON.getOrDefault(reason, List.of());
  }

  private static void add(Reason reason, String field, @Nullable String valuesApartBySpaces) {
    if (valuesApartBySpaces == null) {
      BY_REASON
          .computeIfAbsent(reason, r -> new ArrayList<>())
          .add(new FieldDefect(reason, field, null, 0));
    } else {
      add(reason, field, List.of(valuesApartBySpaces.split(" ")));
    }
  }

  private static void add(Reason reason, String field, List<String> values) {
    for (String value : values) {
      BY_REASON
          .computeIfAbsent(reason, r -> new ArrayList<>())
          .add(new FieldDefect(reason, field, value, 0));
    }
  }

  private static void addData(int version, String responseField, String value) {
    BY_REASON
        .computeIfAbsent(Reason.INVALID_DATA, r -> new ArrayList<>())
        .add(
            new FieldDefect(
                Reason.INVALID_DATA,
                "data",
                new ScanJson().set(responseField, value).compact(),
                version));
  }

  /** The kit's first format, or names in another case. */
  private static String earlierFormat(ScanJson json, Dice dice) {
    if (dice.below(2) == 0) {
      String field = dice.oneOf(FIELDS);
      return json.remove(field).set(field.toUpperCase(Locale.ROOT), "1").compact();
    }
    return json.remove("data_version")
        .set("data_format", "1")
        .set("data", "\"dGhpcw==\"")
        .compact();
  }

  /** Not one JSON object in strict UTF-8. */
  private static byte[] malformed(ScanJson json, Dice dice) {
    return switch (dice.below(4)) {
      case 0 -> nonsense(dice).getBytes(UTF_8);
      case 1 -> otherwiseEncoded(json.compact(), dice);
      case 2 -> aroundAnObject(json.compact(), dice).getBytes(UTF_8);
      default -> insideAnObject(json, dice).getBytes(UTF_8);
    };
  }

  /** Never nothing at all: a queue takes no message without bytes. */
  private static String nonsense(Dice dice) {
    return dice.oneOf(
        List.of(
            " ",
            "\n",
            "not json",
            "null",
            "true",
            "42",
            "\"x\"",
            "[]",
            "[{}]",
            "{",
            "}",
            "{]",
            "{{}}",
            "{\"",
            "{\"ip",
            "{\"ip\"",
            "{\"ip\":",
            "{\"ip\":\"1.1.1.1\",",
            "<scan/>",
            "ip=1.1.1.1",
            "\u0000",
            "\u0000\u0000\u0000\u0000",
            "\u001b[2J",
            "[".repeat(20_000),
            "{\"data\":".repeat(3_000)));
  }

  private static byte[] otherwiseEncoded(String text, Dice dice) {
    Charset utf32 = Charset.forName("UTF-32BE");
    String notUtf8 =
        dice.oneOf(
            List.of(
                "\u00ff",
                "\u00c0\u00af",
                "\u00ed\u00a0\u0080",
                "\u00e2\u0082",
                "\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00f0\u0080\u0080\u0080",
                "\u00f8\u0088\u0080\u0080\u0080"));
    return switch (dice.below(9)) {
      case 0 -> ("\ufeff" + text).getBytes(UTF_8);
      case 1 -> text.getBytes(UTF_16);
      case 2 -> text.getBytes(UTF_16BE);
      case 3 -> text.getBytes(UTF_16LE);
      case 4 -> text.getBytes(utf32);
      case 5 -> inLatin1("{\"x\":\"" + notUtf8 + "\",", text.substring(1));
      case 6 -> inLatin1("{\"" + notUtf8 + "\":1,", text.substring(1));
      case 7 -> inLatin1(notUtf8, text);
      default -> inLatin1("{\"x\":\"a" + notUtf8.charAt(0) + "\",", text.substring(1));
    };
  }

  /** Bytes of one's choice before text. */
  private static byte[] inLatin1(String bytes, String text) {
    byte[] before = bytes.getBytes(ISO_8859_1);
    byte[] after = text.getBytes(UTF_8);
    byte[] all = Arrays.copyOf(before, before.length + after.length);
    System.arraycopy(after, 0, all, before.length, after.length);
    return all;
  }

  private static String aroundAnObject(String text, Dice dice) {
    return switch (dice.below(8)) {
      case 0, 1, 2 -> cutOff(text, dice);
      case 3 -> text + text;
      case 4 -> "[" + text + "]";
      case 5 -> "/* a scan */" + text;
      case 6 ->
          text
              + dice.oneOf(List.of(" garbage", "}", "]", ",", " {}", "\u0000", "\u00a0", "// end"));
      default -> dice.oneOf(List.of("\u0000", "\u00a0", ",", "x", "\f", ")]}',\n")) + text;
    };
  }

  /** A part of it, from the beginning, and never in the middle of a character. */
  private static String cutOff(String text, Dice dice) {
    int end = 1 + dice.below(text.length() - 1);
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }

  private static String insideAnObject(ScanJson json, Dice dice) {
    String text = json.compact();
    String rest = text.substring(1);
    int deep = 1_000 + dice.below(200);
    return switch (dice.below(12)) {
      case 0 -> {
        json.insert(
            dice.below(7), '"' + dice.oneOf(FIELDS) + '"', dice.oneOf(List.of("1", "null")));
        yield json.compact();
      }
      case 1 -> {
        String response = ScanJson.responseField(1 + dice.below(2));
        json.set("data", "{\"" + response + "\":\"\",\"" + response + "\":null}");
        yield json.compact();
      }
      case 2 -> "{\"x\":" + "[".repeat(deep) + "]".repeat(deep) + "," + rest;
      case 3 -> "{\"x\":" + "{\"x\":".repeat(deep) + "1" + "}".repeat(deep) + "," + rest;
      case 4 -> "{\"x\":" + "1".repeat(1_001 + dice.below(1_000)) + "," + rest;
      case 5 -> text.replace('"', '\'');
      case 6 -> text.substring(0, text.length() - 1) + ",}";
      case 7 -> "{," + rest;
      case 8 -> "{x:1," + rest;
      case 9 -> text.replaceFirst(":", dice.oneOf(List.of("", "::", "=", "=>")));
      case 10 ->
          "{\"x\":"
              + dice.oneOf(
                  List.of(
                      "080",
                      "+80",
                      ".5",
                      "1.",
                      "1e",
                      "0x50",
                      "8_0",
                      "--1",
                      "NaN",
                      "Infinity",
                      "tru",
                      "nul",
                      "undefined",
                      "'x'",
                      "True"))
              + ","
              + rest;
      default ->
          "{\"x\":\""
              + dice.oneOf(
                  List.of(
                      "a\nb",
                      "\t",
                      "\u0000",
                      "\u001b[31m",
                      "\\x41",
                      "\\u00g0",
                      "\\u12",
                      "\\",
                      "\\'"))
              + "\","
              + rest;
    };
  }
}
