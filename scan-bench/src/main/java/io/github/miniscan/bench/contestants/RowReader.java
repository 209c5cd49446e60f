package io.github.miniscan.bench.contestants;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.miniscan.IpAddress;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message into a row with Jackson's streaming parser, in one pass.
 *
 * <p>It reads well-formed messages rightly, however they are spelled, and refuses what has no row.
 * It is no {@code Decoder}: it accepts some messages that break the rules. Thread-safe.
 */
final class RowReader {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int REPLACEMENT_POINT = 0xfffd;

  /**
   * Reads one message.
   *
   * @param ackId what the row is to carry
   * @return the row, or null where the message has none
   */
  @Nullable Row read(byte[] payload, @Nullable String ackId) {
    try (JsonParser json = JSON.createParser(payload)) {
      return read(json, ackId);
    } catch (IOException | IllegalArgumentException malformed) {
      return null;
    }
  }

  private static @Nullable Row read(JsonParser json, @Nullable String ackId) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return null;
    }
    String ip = null;
    String service = null;
    String base64 = null;
    byte[] text = null;
    int port = -1;
    int version = 0;
    long scannedAt = -1;
    String name;
    while ((name = json.nextFieldName()) != null) {
      switch (name) {
        case "ip" -> ip = json.nextTextValue();
        case "port" -> port = json.nextIntValue(-1);
        case "service" -> service = json.nextTextValue();
        case "timestamp" -> scannedAt = json.nextLongValue(-1);
        case "data_version" -> version = json.nextIntValue(0);
        case "data" -> {
          if (json.nextToken() != JsonToken.START_OBJECT) {
            return null;
          }
          String field;
          while ((field = json.nextFieldName()) != null) {
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_STRING && field.equals("response_bytes_utf8")) {
              base64 = json.getText();
            } else if (value == JsonToken.VALUE_STRING && field.equals("response_str")) {
              text = utf8(json);
            } else {
              json.skipChildren();
            }
          }
        }
        default -> {
          json.nextToken();
          json.skipChildren();
        }
      }
    }
    byte[] response =
        version == 1 && base64 != null
            ? Base64.getDecoder().decode(base64)
            : version == 2 ? text : null;
    if (ip == null || port < 0 || service == null || scannedAt < 0 || response == null) {
      return null;
    }
    IpAddress address = IpAddress.parse(ip);
    byte[] bytes = address.bytes();
    byte[] key = new byte[bytes.length + 1];
    key[0] = (byte) (address.isV4() ? 4 : 6);
    System.arraycopy(bytes, 0, key, 1, bytes.length);
    return new Row(key, port, service, address.toString(), scannedAt, response, ackId);
  }

  /** The text's bytes, with U+FFFD for a lone surrogate, where Java would put a question mark. */
  private static byte[] utf8(JsonParser json) throws IOException {
    String text = json.getText();
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return utf8OfSurrogates(text);
      }
    }
    return text.getBytes(UTF_8);
  }

  private static byte[] utf8OfSurrogates(String text) {
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point ->
                whole.appendCodePoint(
                    point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                        ? REPLACEMENT_POINT
                        : point));
    return whole.toString().getBytes(UTF_8);
  }
}
