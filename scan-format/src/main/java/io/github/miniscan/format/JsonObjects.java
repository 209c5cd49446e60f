package io.github.miniscan.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.github.miniscan.VisibleText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads single JSON objects, strictly: no name twice, and nothing before or after. */
final class JsonObjects {

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonObjects() {}

  /** An object whose values are all texts. */
  record Texts(Map<String, String> byName) {}

  /** Returns the members of an object. */
  static Map<String, @Nullable Object> parse(String text) throws MalformedValueException {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedValueException("not a JSON object");
      }
      Map<String, @Nullable Object> members = new HashMap<>();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        json.nextToken();
        members.put(name, value(json));
      }
      if (json.nextToken() != null) {
        throw new MalformedValueException("more than a JSON object");
      }
      return members;
    } catch (JsonParseException | StreamConstraintsException e) {
      throw new MalformedValueException(
          "not JSON: " + VisibleText.shortened(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case VALUE_NULL -> {
        return null;
      }
      case VALUE_STRING -> {
        return json.getText();
      }
      case VALUE_NUMBER_INT -> {
        return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
            ? json.getBigIntegerValue()
            : (Object) json.getLongValue();
      }
      case START_OBJECT -> {
        return object(json);
      }
      case START_ARRAY -> {
        json.skipChildren();
        return JsonToken.START_ARRAY;
      }
      default -> {
        return json.currentToken();
      }
    }
  }

  private static Object object(JsonParser json) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    boolean allTexts = true;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_STRING) {
        texts.put(name, json.getText());
      } else {
        allTexts = false;
        json.skipChildren();
      }
    }
    return allTexts ? new Texts(texts) : JsonToken.START_OBJECT;
  }

  /** Returns the texts of an object that holds nothing else. */
  static Map<String, String> parseTexts(String text) throws MalformedValueException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable Object> member : parse(text).entrySet()) {
      if (!(member.getValue() instanceof String value)) {
        throw new MalformedValueException("not an object of texts");
      }
      texts.put(member.getKey(), value);
    }
    return texts;
  }
}
