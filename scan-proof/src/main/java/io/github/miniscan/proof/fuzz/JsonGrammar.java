package io.github.miniscan.proof.fuzz;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a text is what the record rules call JSON: RFC 8259 to the letter, one object,
 * nested no deeper than 1,000, numbers of no more than 1,000 digits, and no known field twice at
 * its own place. It reads nothing else of it.
 *
 * <p>Two differences from the rules are the decoder's, and known. The limit of 1,000 characters for
 * a number counts digits: a sign, a point and the letter of an exponent come on top. And a field
 * whose name has a lone surrogate is malformed, of which RFC 8259 (section 8.2) says only that it
 * is unpredictable.
 */
final class JsonGrammar {

  private static final int MAX_DEPTH = 1_000;
  private static final int MAX_DIGITS = 1_000;
  private static final char END = '\0';

  private static final Set<String> KNOWN =
      Set.of("ip", "port", "service", "timestamp", "data_version", "data");
  private static final Set<String> KNOWN_OF_DATA = Set.of("response_bytes_utf8", "response_str");

  private final String text;
  private final Set<String> given = new HashSet<>();
  private int at;

  private JsonGrammar(String text) {
    this.text = text;
  }

  /** Whether a message may read so. */
  static boolean isMessage(String text) {
    return new JsonGrammar(text).isMessage();
  }

  private boolean isMessage() {
    space();
    return peek() == '{' && object(1, "") && space() && at == text.length();
  }

  /**
   * @param place where the object is: empty for the message, "data" for its data, null for others
   */
  private boolean object(int depth, @Nullable String place) {
    if (depth > MAX_DEPTH) {
      return false;
    }
    at++;
    space();
    if (take('}')) {
      return true;
    }
    do {
      space();
      int start = at;
      if (!string()) {
        return false;
      }
      String name = unescaped(text.substring(start + 1, at - 1));
      if (name.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff)) {
        return false;
      }
      if (isKnown(place, name) && !given.add(place + "." + name)) {
        return false;
      }
      space();
      if (!take(':') || !value(depth, "".equals(place) && name.equals("data") ? "data" : null)) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  private static boolean isKnown(@Nullable String place, String name) {
    return place != null && (place.isEmpty() ? KNOWN : KNOWN_OF_DATA).contains(name);
  }

  private boolean array(int depth) {
    if (depth > MAX_DEPTH) {
      return false;
    }
    at++;
    space();
    if (take(']')) {
      return true;
    }
    do {
      if (!value(depth, null)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  private boolean value(int depth, @Nullable String place) {
    space();
    boolean is =
        switch (peek()) {
          case '{' -> object(depth + 1, place);
          case '[' -> array(depth + 1);
          case '"' -> string();
          case 't' -> word("true");
          case 'f' -> word("false");
          case 'n' -> word("null");
          default -> number();
        };
    space();
    return is;
  }

  private boolean string() {
    if (!take('"')) {
      return false;
    }
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return true;
      }
      if (c < 0x20 || (c == '\\' && !escape())) {
        return false;
      }
    }
    return false;
  }

  private boolean escape() {
    char kind = peek();
    at++;
    if (kind != 'u') {
      return kind != END && "\"\\/bfnrt".indexOf(kind) >= 0;
    }
    for (int i = 0; i < 4; i++) {
      char digit = peek();
      if (digit == END || "0123456789abcdefABCDEF".indexOf(digit) < 0) {
        return false;
      }
      at++;
    }
    return true;
  }

  private boolean number() {
    take('-');
    int digits = 1;
    if (!take('0')) {
      digits = digits();
      if (digits == 0) {
        return false;
      }
    }
    if (take('.')) {
      int fraction = digits();
      if (fraction == 0) {
        return false;
      }
      digits += fraction;
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      int exponent = digits();
      if (exponent == 0) {
        return false;
      }
      digits += exponent;
    }
    return digits <= MAX_DIGITS;
  }

  private int digits() {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    return at - from;
  }

  private boolean word(String word) {
    if (!text.startsWith(word, at)) {
      return false;
    }
    at += word.length();
    return true;
  }

  private boolean space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      at++;
    }
    return true;
  }

  private boolean take(char wanted) {
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  /** A name whose form was found right, as it is meant. */
  private static String unescaped(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder name = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        name.append(c);
        continue;
      }
      i++;
      switch (raw.charAt(i)) {
        case 'b' -> name.append('\b');
        case 'f' -> name.append('\f');
        case 'n' -> name.append('\n');
        case 'r' -> name.append('\r');
        case 't' -> name.append('\t');
        case 'u' -> {
          name.append((char) Integer.parseInt(raw.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> name.append(raw.charAt(i));
      }
    }
    return name.toString();
  }
}
