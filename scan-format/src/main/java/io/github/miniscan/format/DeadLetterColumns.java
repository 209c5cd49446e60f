package io.github.miniscan.format;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The reason, and everything that is kept of the message. */
final class DeadLetterColumns extends Columns<DeadLetter> {

  DeadLetterColumns() {
    super(
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
        JsonText.ofMap(new TreeMap<>(message.attributes())),
        base64(message));
  }

  @Override
  void writeMembers(DeadLetter letter, JsonGenerator json) throws IOException {
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
    for (Map.Entry<String, String> attribute : new TreeMap<>(message.attributes()).entrySet()) {
      json.writeStringField(attribute.getKey(), attribute.getValue());
    }
    json.writeEndObject();
    json.writeStringField("payload_base64", base64(message));
  }

  @Override
  DeadLetter value(Members members) throws MalformedValueException {
    Instant publishTime =
        members.optionalText("publish_time").isPresent() ? members.instant("publish_time") : null;
    Message message =
        new Message(
            members.text("message_id"),
            members.base64("payload_base64"),
            members.texts("attributes"),
            publishTime);
    DeadLetter letter =
        DeadLetter.of(
            message,
            new Reason(members.text("reason")),
            members.text("detail"),
            members.instant("received_at"));
    if (!letter.id().equals(members.text("id"))) {
      throw new MalformedValueException("\"id\" is not that of the message: " + letter.id());
    }
    return letter;
  }

  private static String base64(Message message) {
    return Base64.getEncoder().encodeToString(message.payload());
  }
}
