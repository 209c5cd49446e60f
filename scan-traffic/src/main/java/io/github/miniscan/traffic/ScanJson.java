package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.ScanRecord;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A payload in the making: its fields as raw JSON, so that any of them can be written otherwise, or
 * be wrong.
 */
final class ScanJson {

  /** A name and a value as they shall stand in the payload. */
  private record Field(String name, String value) {}

  private final List<Field> fields = new ArrayList<>();

  /** The scan in its usual form; version 2 needs a response that is text. */
  static ScanJson of(ScanRecord scan, int version) {
    ScanJson json = new ScanJson();
    json.set("ip", quoted(scan.key().ip().toString()));
    json.set("port", Integer.toString(scan.key().port()));
    json.set("service", quoted(scan.key().service()));
    json.set("timestamp", Long.toString(scan.lastScanned()));
    json.set("data_version", Integer.toString(version));
    json.set("data", new ScanJson().set(responseField(version), response(scan, version)).compact());
    return json;
  }

  /** The field of {@code data} that carries the response in this version. */
  static String responseField(int version) {
    return version == 1 ? "response_bytes_utf8" : "response_str";
  }

  private static String response(ScanRecord scan, int version) {
    byte[] bytes = scan.response().bytesUncopied();
    return version == 1
        ? '"' + Base64.getEncoder().encodeToString(bytes) + '"'
        : quoted(new String(bytes, UTF_8));
  }

  /** A JSON string with the escapes that RFC 8259 asks for. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 16).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        appendEscape(json, c, false);
      } else if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /** Appends the escape that may stand for any character: a backslash, u, and four digits. */
  static void appendEscape(StringBuilder json, char c, boolean upperCase) {
    json.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      char digit = Character.forDigit((c >> shift) & 0xf, 16);
      json.append(upperCase ? Character.toUpperCase(digit) : digit);
    }
  }

  /** Gives the field this value, in its place when it has one, else at the end. */
  ScanJson set(String name, String value) {
    Field field = new Field('"' + name + '"', value);
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name.equals(field.name)) {
        fields.set(i, field);
        return this;
      }
    }
    fields.add(field);
    return this;
  }

  ScanJson remove(String name) {
    fields.removeIf(field -> field.name.equals('"' + name + '"'));
    return this;
  }

  /** Adds a field, whether there is one of that name or not. */
  void insert(int at, String rawName, String value) {
    fields.add(Math.min(at, fields.size()), new Field(rawName, value));
  }

  void shuffle(Dice dice) {
    for (int i = fields.size() - 1; i > 0; i--) {
      int j = dice.below(i + 1);
      Field swapped = fields.get(i);
      fields.set(i, fields.get(j));
      fields.set(j, swapped);
    }
  }

  /** Writes some characters of the names as escapes. */
  void escapeNames(Dice dice) {
    fields.replaceAll(field -> new Field(OddWriter.escaped(field.name, dice), field.value));
  }

  /** Without white space. */
  String compact() {
    StringBuilder json = new StringBuilder("{");
    for (Field field : fields) {
      json.append(json.length() > 1 ? "," : "").append(field.name).append(':').append(field.value);
    }
    return json.append('}').toString();
  }

  /** With white space wherever it may be. */
  String spaced(Dice dice) {
    StringBuilder json = new StringBuilder(space(dice)).append('{').append(space(dice));
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      json.append(i > 0 ? "," + space(dice) : "")
          .append(field.name)
          .append(space(dice))
          .append(':')
          .append(space(dice))
          .append(field.value)
          .append(space(dice));
    }
    return json.append('}').append(space(dice)).toString();
  }

  private static String space(Dice dice) {
    return switch (dice.below(8)) {
      case 0 -> "\n";
      case 1 -> "\t";
      case 2 -> "\r\n  ";
      case 3, 4 -> " ";
      default -> "";
    };
  }
}
