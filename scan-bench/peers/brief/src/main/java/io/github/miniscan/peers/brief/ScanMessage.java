package io.github.miniscan.peers.brief;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;

/** One message as Jackson reads it. It is whole: what the brief asks for is there. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ScanMessage(
    String ip,
    Integer port,
    String service,
    Long timestamp,
    @JsonProperty("data_version") int dataVersion,
    Map<String, Object> data)
    implements Serializable {

  /** The order of the table's key, in which SQLite writes a batch quickest. */
  public static final Comparator<ScanMessage> BY_KEY =
      Comparator.comparing(ScanMessage::ip)
          .thenComparing(ScanMessage::port)
          .thenComparing(ScanMessage::service);

  private static final ObjectReader READER = new ObjectMapper().readerFor(ScanMessage.class);

  public ScanMessage {
    Objects.requireNonNull(ip, "ip");
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(timestamp, "timestamp");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(response(dataVersion, data), "response");
  }

  /**
   * Reads the payload of a message.
   *
   * @throws UncheckedIOException when it is malformed
   */
  public static ScanMessage parse(byte[] payload) {
    try {
      return READER.readValue(payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The response as text. */
  public String response() {
    return response(dataVersion, data);
  }

  private static String response(int dataVersion, Map<String, Object> data) {
    return switch (dataVersion) {
      case 1 -> {
        byte[] bytes = Base64.getDecoder().decode((String) data.get("response_bytes_utf8"));
        yield new String(bytes, StandardCharsets.UTF_8);
      }
      case 2 -> (String) data.get("response_str");
      default -> throw new IllegalArgumentException("data_version: " + dataVersion);
    };
  }

  /** What {@link ScanTable#UPSERT} takes, in its order. */
  public Object[] columns() {
    return new Object[] {ip, port, service, timestamp, response()};
  }

  /** The columns of the table by name. */
  public Map<String, Object> row() {
    return Map.of(
        "ip",
        ip,
        "port",
        port,
        "service",
        service,
        "last_scanned",
        timestamp,
        "response",
        response());
  }
}
