package io.github.miniscan.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code decode.jsonl}: a message, and the record or the rejection that it must become.
 * Exactly one of {@code record} and {@code reason} is there.
 *
 * @param name what the line is about
 * @param message what was published: after the present that the payloads speak of, and before their
 *     future
 * @param record what it must become
 * @param text the response of that record as text
 * @param responseBase64 the response in base64, where the text can not give the bytes back
 * @param reason why it must be rejected
 */
public record DecodeCase(
    String name,
    Message message,
    @Nullable ScanRecord record,
    @Nullable String text,
    @Nullable String responseBase64,
    @Nullable Reason reason) {

  private static final Instant PUBLISHED = Instant.parse("2026-11-21T00:00:00Z");

  /** Every line, in the order of the file. */
  public static List<DecodeCase> all() {
    List<DecodeCase> cases = new ArrayList<>();
    try (InputStream lines = DecodeCase.class.getResourceAsStream("decode.jsonl");
        JsonParser json = new JsonFactory().createParser(Objects.requireNonNull(lines))) {
      while (json.nextToken() != null) {
        cases.add(of(object(json)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading decode.jsonl", e);
    }
    return cases;
  }

  private static DecodeCase of(Map<String, Object> line) {
    String name = (String) line.get("name");
    byte[] payload = Base64.getDecoder().decode((String) line.get("payload_base64"));
    Message message = new Message(name, payload, Map.of(), PUBLISHED);
    Map<?, ?> expect = (Map<?, ?>) line.get("expect");
    String rejected = (String) expect.get("rejected");
    if (rejected != null) {
      return new DecodeCase(name, message, null, null, null, new Reason(rejected));
    }
    Map<?, ?> record = (Map<?, ?>) expect.get("record");
    ScanKey key =
        new ScanKey(
            IpAddress.parse((String) record.get("ip")),
            ((Number) record.get("port")).intValue(),
            (String) record.get("service"));
    String text = (String) record.get("response");
    String base64 = (String) record.get("response_base64");
    Response response =
        base64 == null
            ? Response.ofText(text)
            : Response.ofBytes(Base64.getDecoder().decode(base64));
    long scannedAt = ((Number) record.get("timestamp")).longValue();
    return new DecodeCase(
        name, message, ScanRecord.ofScan(key, scannedAt, response), text, base64, null);
  }

  private static Map<String, Object> object(JsonParser json) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      fields.put(
          field,
          switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case VALUE_NUMBER_INT -> json.getNumberValue();
            case VALUE_STRING -> json.getText();
            default -> throw new IllegalStateException("unexpected " + json.currentToken());
          });
    }
    return fields;
  }

  @Override
  public String toString() {
    return name;
  }
}
