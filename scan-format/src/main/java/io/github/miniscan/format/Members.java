package io.github.miniscan.format;

import io.github.miniscan.VisibleText;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object, or the fields of a row of CSV, by name. */
final class Members {

  private final Map<String, @Nullable Object> values;
  private final boolean ofCsv;

  /**
   * Creates members.
   *
   * @param values strings, longs, maps of strings, null, or anything else where it is not known
   * @param ofCsv whether an empty string stands for an absent value too, and U+FFFD for NUL
   */
  Members(Map<String, @Nullable Object> values, boolean ofCsv) {
    this.values = values;
    this.ofCsv = ofCsv;
  }

  String text(String name) throws MalformedValueException {
    if (value(name) instanceof String text) {
      return text;
    }
    throw new MalformedValueException("\"" + name + "\" is not a text");
  }

  /** Returns a text that may be absent. */
  Optional<String> optionalText(String name) throws MalformedValueException {
    Object value = values.get(name);
    return value == null || ofCsv && value.equals("") ? Optional.empty() : Optional.of(text(name));
  }

  long number(String name) throws MalformedValueException {
    Object value = value(name);
    if (value instanceof Long number) {
      return number;
    }
    if (ofCsv && value instanceof String text && text.matches("0|[1-9]\\d{0,17}")) {
      return Long.parseLong(text);
    }
    throw new MalformedValueException("\"" + name + "\" is not a whole number");
  }

  byte[] base64(String name) throws MalformedValueException {
    try {
      return Base64.getDecoder().decode(text(name));
    } catch (IllegalArgumentException e) {
      throw new MalformedValueException("\"" + name + "\" is not base64");
    }
  }

  /** Returns a time in whole seconds since the epoch. */
  long second(String name) throws MalformedValueException {
    String text = text(name);
    try {
      return EpochTime.parse(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedValueException("\"" + name + "\" is " + e.getMessage());
    }
  }

  Instant instant(String name) throws MalformedValueException {
    String text = text(name);
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedValueException(
          "\"" + name + "\" is not a time: \"" + VisibleText.shortened(text) + "\"");
    }
  }

  /** Returns an object of texts; in CSV it stands in a field as JSON. */
  Map<String, String> texts(String name) throws MalformedValueException {
    Object value = value(name);
    if (ofCsv && value instanceof String text) {
      return JsonObjects.parseTexts(text);
    }
    if (value instanceof JsonObjects.Texts texts) {
      return texts.byName();
    }
    throw new MalformedValueException("\"" + name + "\" is not an object of texts");
  }

  /** Returns whether a text is what this form of text makes of another one. */
  boolean isWritten(String text, String original) {
    return text.equals(ofCsv ? original.replace('\0', '\ufffd') : original);
  }

  private Object value(String name) throws MalformedValueException {
    Object value = values.get(name);
    if (value == null) {
      throw new MalformedValueException("no \"" + name + "\"");
    }
    return value;
  }
}
