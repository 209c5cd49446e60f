package io.github.miniscan.sqlite;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The attributes of a message as a JSON object, in the order of their names. */
final class Attributes {

  private static final String NONE = "{}";
  private static final JsonFactory JSON = new JsonFactory();

  private Attributes() {}

  static String toJson(Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return NONE;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (var attribute : new TreeMap<>(attributes).entrySet()) {
        json.writeStringField(attribute.getKey(), attribute.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory does not fail", e);
    }
    return text.toString();
  }

  /**
   * @throws IOException when the text is not an object of strings
   */
  static Map<String, String> ofJson(String text) throws IOException {
    if (text.equals(NONE)) {
      return Map.of();
    }
    Map<String, String> attributes = new HashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      String name;
      while ((name = json.nextFieldName()) != null) {
        attributes.put(name, json.nextTextValue());
      }
    }
    return attributes;
  }
}
