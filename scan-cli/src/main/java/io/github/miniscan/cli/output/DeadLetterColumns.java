package io.github.miniscan.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A dead letter: why, and everything that is kept of the message. */
final class DeadLetterColumns implements Columns<DeadLetter> {

  @Override
  public List<String> headings() {
    return List.of("ID", "REASON", "RECEIVED", "BYTES", "DETAIL");
  }

  @Override
  public List<String> cells(DeadLetter letter) {
    return List.of(
        letter.id(),
        letter.reason().code(),
        EpochTime.text(letter.receivedAt().getEpochSecond()),
        Integer.toString(letter.message().payload().length),
        letter.detail());
  }

  @Override
  public Map<String, String> page(DeadLetter letter) {
    Message message = letter.message();
    Map<String, String> page = new LinkedHashMap<>();
    page.put("id", letter.id());
    page.put("reason", letter.reason().code());
    page.put("detail", letter.detail());
    page.put("message id", message.id());
    page.put("published", message.publishTime().map(Instant::toString).orElse("(unknown)"));
    page.put("received", letter.receivedAt().toString());
    sorted(message.attributes()).forEach((name, value) -> page.put("attribute " + name, value));
    page.put("bytes", Integer.toString(message.payload().length));
    page.put("payload", new String(message.payload(), StandardCharsets.UTF_8));
    return page;
  }

  @Override
  public List<String> names() {
    return List.of(
        "id",
        "reason",
        "detail",
        "message_id",
        "publish_time",
        "received_at",
        "attributes",
        "payload_base64");
  }

  @Override
  public List<String> fields(DeadLetter letter) {
    Message message = letter.message();
    return List.of(
        letter.id(),
        letter.reason().code(),
        letter.detail(),
        message.id(),
        message.publishTime().map(Instant::toString).orElse(""),
        letter.receivedAt().toString(),
        JsonText.ofMap(sorted(message.attributes())),
        base64(message));
  }

  @Override
  public void writeMembers(DeadLetter letter, JsonGenerator json) throws IOException {
    Message message = letter.message();
    json.writeStringField("id", letter.id());
    json.writeStringField("reason", letter.reason().code());
    json.writeStringField("detail", letter.detail());
    json.writeStringField("message_id", message.id());
    json.writeFieldName("publish_time");
    if (message.publishTime().isPresent()) {
      json.writeString(message.publishTime().get().toString());
    } else {
      json.writeNull();
    }
    json.writeStringField("received_at", letter.receivedAt().toString());
    json.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : sorted(message.attributes()).entrySet()) {
      json.writeStringField(attribute.getKey(), attribute.getValue());
    }
    json.writeEndObject();
    json.writeStringField("payload_base64", base64(message));
  }

  private static Map<String, String> sorted(Map<String, String> attributes) {
    return new TreeMap<>(attributes);
  }

  private static String base64(Message message) {
    return Base64.getEncoder().encodeToString(message.payload());
  }
}
