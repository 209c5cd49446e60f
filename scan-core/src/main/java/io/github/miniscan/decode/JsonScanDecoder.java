package io.github.miniscan.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.SerializedString;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.Utf8;
import io.github.miniscan.VisibleText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the scanner's JSON, {@code data_version} 1 and 2.
 *
 * <p>Strict where leniency would keep something wrong: the whole payload is well-formed UTF-8
 * without a byte order mark and one JSON object (RFC 8259), nested no deeper than 1,000, with
 * numbers of at most 1,000 characters. Unknown fields are ignored at every level; a known one may
 * be given once. The time of a scan may be no further after the message's publish time than the
 * allowed skew: a wrong clock must not freeze a key for ever, and two consumers must agree. Of
 * several reasons to reject, the first in {@link Reason} is given, with one exception named there.
 */
public final class JsonScanDecoder implements Decoder<ScanRecord> {

  /** How far after its publish time a scan may claim to be, unless told otherwise. */
  public static final Duration DEFAULT_MAX_SKEW = Duration.ofHours(24);

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

  private final Duration maxSkew;
  private final InstantSource clock;

  /** With the default skew, and the system's clock for messages without a publish time. */
  public JsonScanDecoder() {
    this(DEFAULT_MAX_SKEW, InstantSource.system());
  }

  /**
   * @param maxSkew how far after its publish time a scan may claim to be
   * @param clock stands in for the publish time where a message has none
   * @throws IllegalArgumentException when the skew is negative
   */
  public JsonScanDecoder(Duration maxSkew, InstantSource clock) {
    if (maxSkew.isNegative()) {
      throw new IllegalArgumentException("negative skew: " + maxSkew);
    }
    this.maxSkew = maxSkew;
    this.clock = clock;
  }

  @Override
  public ScanRecord decode(Message message) throws RejectedException {
    Fields fields = read(message.payload());
    DataVersion version = fields.version();
    fields.requireAll();
    ScanKey key = new ScanKey(fields.ip(), fields.port(), fields.service());
    long scannedAt = fields.timestamp();
    requireNotInFuture(scannedAt, message.publishTime().orElseGet(clock::instant));
    return ScanRecord.ofScan(key, scannedAt, version.response(fields.response(version)));
  }

  private void requireNotInFuture(long scannedAt, Instant publishTime) throws RejectedException {
    long latest = saturatedAdd(publishTime.getEpochSecond(), maxSkew.toSeconds());
    if (publishTime.getNano() + maxSkew.toNanosPart() >= 1_000_000_000) {
      latest = saturatedAdd(latest, 1);
    }
    if (scannedAt > latest) {
      throw new RejectedException(
          Reason.FUTURE_TIMESTAMP,
          () ->
              "timestamp "
                  + scannedAt
                  + " is "
                  + (scannedAt - publishTime.getEpochSecond())
                  + " s after the publish time "
                  + publishTime
                  + " (at most "
                  + maxSkew.toSeconds()
                  + " s)");
    }
  }

  private static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }

  private static Fields read(byte[] payload) throws RejectedException {
    requireUtf8(payload);
    try (JsonParser json = JSON.createParser(payload)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("not a JSON object");
      }
      Fields fields = new Fields();
      fields.readAll(json);
      if (json.nextToken() != null) {
        throw malformed("something follows the JSON object");
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

  /** Jackson would guess another encoding, skip a byte order mark, and take some invalid UTF-8. */
  private static void requireUtf8(byte[] payload) throws RejectedException {
    if (payload.length == 0) {
      throw malformed("the payload is empty");
    }
    for (int i = 0; i < Math.min(4, payload.length); i++) {
      if (payload[i] == 0) {
        throw malformed("the payload is not UTF-8 text");
      }
    }
    boolean mark =
        payload.length >= 3
            && payload[0] == (byte) 0xef
            && payload[1] == (byte) 0xbb
            && payload[2] == (byte) 0xbf;
    if (mark) {
      throw malformed("the payload begins with a byte order mark");
    }
    if (!Utf8.isValid(payload)) {
      throw malformed("the payload is not valid UTF-8");
    }
  }

  private static RejectedException malformed(String detail) {
    return new RejectedException(Reason.MALFORMED_JSON, detail);
  }

  /** What the known fields held; judged only once the whole payload has proved to be JSON. */
  private static final class Fields {

    private static final long NOT_A_LONG = -1;

    private static final SerializedString IP = new SerializedString("ip");
    private static final SerializedString PORT = new SerializedString("port");
    private static final SerializedString SERVICE = new SerializedString("service");
    private static final SerializedString TIMESTAMP = new SerializedString("timestamp");
    private static final SerializedString DATA_VERSION = new SerializedString("data_version");
    private static final SerializedString DATA = new SerializedString("data");

    private final Field data = new Field(DATA, null);
    private final Field dataVersion = new Field(DATA_VERSION, data);
    private final Field timestamp = new Field(TIMESTAMP, dataVersion);
    private final Field service = new Field(SERVICE, timestamp);
    private final Field port = new Field(PORT, service);
    private final Field ip = new Field(IP, port);
    private final @Nullable ResponseField[] responses = new ResponseField[DataVersion.COUNT];

    /** Asks for the field that scanners write next, which saves looking its name up. */
    void readAll(JsonParser json) throws IOException, RejectedException {
      Field likely = ip;
      while (true) {
        Field field;
        if (json.nextFieldName(likely.name)) {
          field = likely;
        } else if (json.hasToken(JsonToken.FIELD_NAME)) {
          field = field(json.currentName());
        } else {
          return;
        }
        json.nextToken();
        if (field == null) {
          json.skipChildren();
          continue;
        }
        if (field == data && json.isExpectedStartObjectToken()) {
          readData(json);
        } else {
          // In one place: the compiler would copy the parser into each.
          field.read(json);
        }
        likely = field.next == null ? field : field.next;
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
      DataVersion likely = DataVersion.ofNumber(dataVersion.number);
      if (likely == null) {
        likely = DataVersion.V2;
      }
      while (true) {
        DataVersion version;
        if (json.nextFieldName(likely.field())) {
          version = likely;
        } else if (json.hasToken(JsonToken.FIELD_NAME)) {
          version = DataVersion.ofField(json.currentName());
        } else {
          return;
        }
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
            Reason.INVALID_PORT,
            () -> "port " + port.shown() + " is not an integer from 0 to 65535");
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
      final SerializableString name;

      /** What scanners write after this one, if anything. */
      final @Nullable Field next;

      @Nullable JsonToken token;

      /** Of a string, or of a number that is not in {@link #number}. */
      private @Nullable String text;

      private long number = NOT_A_LONG;

      Field(SerializableString name, @Nullable Field next) {
        this.name = name;
        this.next = next;
      }

      void mark(@Nullable JsonToken value) throws RejectedException {
        if (token != null) {
          throw malformed("the field " + name + " is given twice");
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

      /** What is there: for a field that is. */
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

      ResponseField(SerializableString name) {
        super(name, null);
      }

      @Override
      void readText(JsonParser json) throws IOException {
        utf8 = Utf8.encode(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      }
    }
  }
}
