package io.github.miniscan.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanKey;
import io.github.miniscan.Utf8;
import io.github.miniscan.VisibleText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The values of the known fields, judged once the whole payload has proved to be JSON. */
final class ParsedFields {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1_000)
                  .maxNumberLength(1_000)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW, false)
          .build();

  private static final long NOT_A_LONG = -1;

  private final Field data = new Field("data");
  private final Field dataVersion = new Field("data_version");
  private final Field timestamp = new Field("timestamp");
  private final Field service = new Field("service");
  private final Field port = new Field("port");
  private final Field ip = new Field("ip");
  private final @Nullable ResponseField[] responses = new ResponseField[DataVersion.COUNT];

  static ParsedFields parse(byte[] payload) throws RejectedException {
    try (JsonParser json = JSON.createParser(payload)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw JsonScanDecoder.malformed("not a JSON object");
      }
      ParsedFields fields = new ParsedFields();
      fields.readAll(json);
      if (json.nextToken() != null) {
        throw JsonScanDecoder.malformed("something follows the JSON object");
      }
      return fields;
    } catch (JsonProcessingException e) {
      throw new RejectedException(Reason.MALFORMED_JSON, () -> told(e));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static String told(JsonProcessingException failure) {
    JsonLocation where = failure.getLocation();
    return VisibleText.of(failure.getOriginalMessage())
        + (where == null ? "" : " (at byte " + where.getByteOffset() + ")");
  }

  private void readAll(JsonParser json) throws IOException, RejectedException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      Field field = field(json.currentName());
      json.nextToken();
      if (field == null) {
        json.skipChildren();
      } else if (field == data && json.isExpectedStartObjectToken()) {
        readData(json);
      } else {
        // In one place: the compiler would copy the parser into each.
        field.read(json);
      }
    }
  }

  private @Nullable Field field(String name) {
    return switch (name) {
      case "ip" -> ip;
      case "port" -> port;
      case "service" -> service;
      case "timestamp" -> timestamp;
      case "data_version" -> dataVersion;
      case "data" -> data;
      default -> null;
    };
  }

  private void readData(JsonParser json) throws IOException, RejectedException {
    data.mark(json.currentToken());
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      DataVersion version = DataVersion.ofField(json.currentName());
      json.nextToken();
      if (version == null) {
        json.skipChildren();
      } else {
        responseField(version).read(json);
      }
    }
  }

  private ResponseField responseField(DataVersion version) {
    ResponseField field = responses[version.ordinal()];
    if (field == null) {
      field = new ResponseField(version.field());
      responses[version.ordinal()] = field;
    }
    return field;
  }

  DataVersion version() throws RejectedException {
    dataVersion.require();
    DataVersion version = DataVersion.ofNumber(dataVersion.number);
    if (version == null) {
      throw new RejectedException(
          Reason.UNSUPPORTED_DATA_VERSION,
          () -> "data_version " + dataVersion.shown() + " is not supported (1 or 2)");
    }
    return version;
  }

  void requireAll() throws RejectedException {
    ip.require();
    port.require();
    service.require();
    timestamp.require();
    data.require();
  }

  IpAddress ip() throws RejectedException {
    String text = ip.string();
    IpAddress address = text == null ? null : IpAddress.parseOrNull(text);
    if (address == null) {
      throw new RejectedException(
          Reason.INVALID_IP, () -> "ip " + ip.shown() + " is not an IPv4 or IPv6 address");
    }
    return address;
  }

  int port() throws RejectedException {
    if (!ScanKey.isPort(port.number)) {
      throw new RejectedException(
          Reason.INVALID_PORT, () -> "port " + port.shown() + " is not an integer from 0 to 65535");
    }
    return (int) port.number;
  }

  String service() throws RejectedException {
    String text = service.string();
    if (text == null || !ScanKey.isService(text)) {
      throw new RejectedException(
          Reason.INVALID_SERVICE,
          () ->
              "service "
                  + service.shown()
                  + " is not 1 to 255 bytes of text without control characters");
    }
    return text;
  }

  long timestamp() throws RejectedException {
    if (timestamp.number < 0) {
      throw new RejectedException(
          Reason.INVALID_TIMESTAMP,
          () -> "timestamp " + timestamp.shown() + " is not whole seconds since the epoch");
    }
    return timestamp.number;
  }

  /** The response's text as UTF-8, for the version to make bytes of. */
  byte[] response(DataVersion version) throws RejectedException {
    if (data.token != JsonToken.START_OBJECT) {
      throw new RejectedException(
          Reason.INVALID_DATA, () -> "data " + data.shown() + " is not an object");
    }
    ResponseField response = responseField(version);
    if (response.utf8 == null) {
      throw new RejectedException(
          Reason.INVALID_DATA,
          () ->
              "data."
                  + response.name
                  + (response.token == null
                      ? " is absent"
                      : " " + response.shown() + " is no text"));
    }
    return response.utf8;
  }

  /** One known field: absent until read. */
  private static class Field {
    final String name;

    @Nullable JsonToken token;

    /** The text of a string, or of a number that is not in {@link #number}. */
    private @Nullable String text;

    private long number = NOT_A_LONG;

    Field(String name) {
      this.name = name;
    }

    void mark(@Nullable JsonToken value) throws RejectedException {
      if (token != null) {
        throw JsonScanDecoder.malformed("the field " + name + " is given twice");
      }
      token = value;
    }

    void read(JsonParser json) throws IOException, RejectedException {
      JsonToken value = json.currentToken();
      mark(value);
      if (value == JsonToken.VALUE_STRING) {
        readText(json);
      } else if (value == JsonToken.VALUE_NUMBER_INT) {
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          text = json.getText();
        } else {
          number = json.getLongValue();
        }
      } else if (value == JsonToken.VALUE_NUMBER_FLOAT) {
        text = json.getText();
      } else {
        json.skipChildren();
      }
    }

    void readText(JsonParser json) throws IOException {
      text = json.getText();
    }

    /** The text of a string, or null of anything else. */
    @Nullable String string() {
      return token == JsonToken.VALUE_STRING ? text : null;
    }

    void require() throws RejectedException {
      if (token == null || token == JsonToken.VALUE_NULL) {
        throw new RejectedException(
            Reason.MISSING_FIELD,
            () -> "the field " + name + (token == null ? " is absent" : " is null"));
      }
    }

    /** Returns the value of a field that is present, for a sentence. */
    String shown() {
      if (text != null) {
        String shown = VisibleText.shortened(text);
        return token == JsonToken.VALUE_STRING ? "\"" + shown + "\"" : shown;
      }
      return switch (Objects.requireNonNull(token)) {
        case VALUE_NUMBER_INT -> Long.toString(number);
        case START_OBJECT -> "{…}";
        case START_ARRAY -> "[…]";
        default -> String.valueOf(token.asString());
      };
    }
  }

  /** The longest text of all goes from the parser's characters to bytes without a String. */
  private static final class ResponseField extends Field {
    private byte @Nullable [] utf8;

    ResponseField(String name) {
      super(name);
    }

    @Override
    void readText(JsonParser json) throws IOException {
      utf8 = Utf8.encode(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }
  }
}
