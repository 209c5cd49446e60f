package io.github.miniscan.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The attributes of a message as a JSON object, in the order of their names: for stores. */
public final class AttributesJson {

  private static final String EMPTY = "{}";
  private static final JsonFactory JSON = new JsonFactory();

  private AttributesJson() {}

  /** Returns the attributes as one line of JSON. */
  public static String write(Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return EMPTY;
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
   * Returns the attributes that {@link #write} has written.
   *
   * @throws IOException when the text is not a JSON object
   */
  public static Map<String, String> read(String text) throws IOException {
    if (text.equals(EMPTY)) {
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
