package io.github.miniscan.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.github.miniscan.Utf8;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The attributes of a message as a JSON object, in the order of their names: for stores. */
public final class AttributesJson {

  private static final String EMPTY = "{}";

  /** Writes any text as ASCII, and reads it without limits: what was written can be read. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private AttributesJson() {}

  /** Returns the attributes as one line of JSON; in a name, a lone surrogate becomes U+FFFD. */
  public static String write(Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return EMPTY;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (var attribute : new TreeMap<>(attributes).entrySet()) {
        // Jackson refuses to read a name with a lone surrogate.
        String name = new String(Utf8.encode(attribute.getKey()), StandardCharsets.UTF_8);
        json.writeStringField(name, attribute.getValue());
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
   * @throws IOException when the text is not a JSON object of texts
   */
  public static Map<String, String> read(String text) throws IOException {
    if (text.equals(EMPTY)) {
      return Map.of();
    }
    Map<String, String> attributes = new HashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      require(json.nextToken() == JsonToken.START_OBJECT);
      String name;
      while ((name = json.nextFieldName()) != null) {
        require(json.nextToken() == JsonToken.VALUE_STRING);
        attributes.put(name, json.getText());
      }
      require(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null);
    }
    return attributes;
  }

  private static void require(boolean valid) throws IOException {
    if (!valid) {
      throw new IOException("not a JSON object of texts");
    }
  }
}
