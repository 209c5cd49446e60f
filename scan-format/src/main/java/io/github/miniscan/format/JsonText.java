package io.github.miniscan.format;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Small JSON objects as one line of text. */
public final class JsonText {

  private JsonText() {}

  /** An object of texts, in the order of the map. */
  public static String ofMap(Map<String, String> members) {
    return write(
        json -> {
          for (Map.Entry<String, String> member : members.entrySet()) {
            json.writeStringField(member.getKey(), member.getValue());
          }
        });
  }

  /** An object of numbers, in the order of the map. */
  public static String ofCounts(Map<String, Long> members) {
    return write(
        json -> {
          for (Map.Entry<String, Long> member : members.entrySet()) {
            json.writeNumberField(member.getKey(), member.getValue());
          }
        });
  }

  private static String write(Members members) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = SafeJson.generator(text)) {
      json.writeStartObject();
      members.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return text.toString();
  }

  private interface Members {
    void writeTo(JsonGenerator json) throws IOException;
  }
}
