package io.github.miniscan.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads what the program wrote as JSON, by a parser that is not its own. */
final class JsonObjects {

  private JsonObjects() {}

  /** The objects of a text, one after the other or in an array; each value as its text. */
  static List<Map<String, String>> in(String json) {
    List<Map<String, String>> objects = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          objects.add(object(parser));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
    return objects;
  }

  private static Map<String, String> object(JsonParser parser) throws IOException {
    Map<String, String> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      boolean nested = parser.currentToken() == JsonToken.START_OBJECT;
      members.put(name, nested ? object(parser).toString() : value(parser));
    }
    return members;
  }

  private static String value(JsonParser parser) throws IOException {
    return Objects.requireNonNullElse(parser.getText(), "");
  }
}
