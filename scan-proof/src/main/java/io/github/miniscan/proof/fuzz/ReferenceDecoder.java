package io.github.miniscan.proof.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.miniscan.Reason;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record rules once more, written from their text: a message as a tree of Jackson databind,
 * read from characters rather than bytes, after {@link JsonGrammar} has found it to be JSON. It
 * shares no code with the decoder but the names of the reasons.
 */
final class ReferenceDecoder {

  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final BigInteger LATEST = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(10_000)
                          .maxNumberLength(10_000)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  private ReferenceDecoder() {}

  /**
   * What a message must become: a record, or a reason and nothing else.
   *
   * @param ip canonical
   */
  record Verdict(
      @Nullable Reason reason,
      String ip,
      int port,
      String service,
      long scannedAt,
      ByteBuffer response) {

    private static Verdict rejected(Reason reason) {
      return new Verdict(reason, "", 0, "", 0, ByteBuffer.allocate(0));
    }

    @Override
    public String toString() {
      return reason != null
          ? reason.code()
          : "%s %d %s at %d: %s"
              .formatted(
                  ip,
                  port,
                  Arrays.toString(service.toCharArray()),
                  scannedAt,
                  StandardCharsets.ISO_8859_1
                      .decode(response.duplicate())
                      .chars()
                      .boxed()
                      .toList());
    }
  }

  /**
   * @param published the publish time, or what the local clock says
   */
  static Verdict decode(byte[] payload, Instant published, Duration maxSkew) {
    String text = strictUtf8(payload);
    if (text == null || text.startsWith("\ufeff") || !JsonGrammar.isMessage(text)) {
      return Verdict.rejected(Reason.MALFORMED_JSON);
    }
    JsonNode message;
    try {
      message = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("databind refuses what RFC 8259 allows", e);
    }

    JsonNode version = message.path("data_version");
    if (isMissing(version)) {
      return Verdict.rejected(Reason.MISSING_FIELD);
    }
    boolean first = isInteger(version, BigInteger.ONE, BigInteger.ONE);
    if (!first && !isInteger(version, BigInteger.TWO, BigInteger.TWO)) {
      return Verdict.rejected(Reason.UNSUPPORTED_DATA_VERSION);
    }
    for (String field : List.of("ip", "port", "service", "timestamp", "data")) {
      if (isMissing(message.path(field))) {
        return Verdict.rejected(Reason.MISSING_FIELD);
      }
    }
    byte[] ip =
        message.path("ip").isTextual()
            ? ReferenceAddress.parse(message.path("ip").textValue())
            : null;
    if (ip == null) {
      return Verdict.rejected(Reason.INVALID_IP);
    }
    JsonNode port = message.path("port");
    if (!isInteger(port, BigInteger.ZERO, BigInteger.valueOf(65_535))) {
      return Verdict.rejected(Reason.INVALID_PORT);
    }
    JsonNode service = message.path("service");
    if (!service.isTextual() || !isService(service.textValue())) {
      return Verdict.rejected(Reason.INVALID_SERVICE);
    }
    JsonNode timestamp = message.path("timestamp");
    if (!isInteger(timestamp, BigInteger.ZERO, LATEST)) {
      return Verdict.rejected(Reason.INVALID_TIMESTAMP);
    }
    BigInteger allowed = nanos(published.getEpochSecond(), published.getNano()).add(nanos(maxSkew));
    if (timestamp.bigIntegerValue().multiply(NANOS).compareTo(allowed) > 0) {
      return Verdict.rejected(Reason.FUTURE_TIMESTAMP);
    }
    JsonNode response = message.path("data").path(first ? "response_bytes_utf8" : "response_str");
    byte[] bytes =
        !response.isTextual()
            ? null
            : first ? base64(response.textValue()) : utf8(response.textValue());
    if (bytes == null) {
      return Verdict.rejected(Reason.INVALID_DATA);
    }
    return new Verdict(
        null,
        ReferenceAddress.format(ip),
        port.intValue(),
        service.textValue(),
        timestamp.longValue(),
        ByteBuffer.wrap(bytes));
  }

  private static @Nullable String strictUtf8(byte[] payload) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(payload))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isMissing(JsonNode field) {
    return field.isMissingNode() || field.isNull();
  }

  /** An integer literal in a range. */
  private static boolean isInteger(JsonNode value, BigInteger least, BigInteger greatest) {
    return value.isIntegralNumber()
        && value.bigIntegerValue().compareTo(least) >= 0
        && value.bigIntegerValue().compareTo(greatest) <= 0;
  }

  private static boolean isService(String service) {
    int bytes;
    try {
      bytes =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(service))
              .remaining();
    } catch (CharacterCodingException e) {
      return false;
    }
    return bytes >= 1
        && bytes <= 255
        && service.codePoints().noneMatch(Character::isISOControl)
        && !service.codePoints().allMatch(ReferenceDecoder::isWhiteSpace);
  }

  /** The property White_Space as PropList.txt of the Unicode Character Database has it. */
  private static boolean isWhiteSpace(int codePoint) {
    return (codePoint >= 0x9 && codePoint <= 0xd)
        || codePoint == 0x20
        || codePoint == 0x85
        || codePoint == 0xa0
        || codePoint == 0x1680
        || (codePoint >= 0x2000 && codePoint <= 0x200a)
        || codePoint == 0x2028
        || codePoint == 0x2029
        || codePoint == 0x202f
        || codePoint == 0x205f
        || codePoint == 0x3000;
  }

  private static BigInteger nanos(Duration duration) {
    return nanos(duration.getSeconds(), duration.getNano());
  }

  private static BigInteger nanos(long seconds, int nanos) {
    return BigInteger.valueOf(seconds).multiply(NANOS).add(BigInteger.valueOf(nanos));
  }

  /** RFC 4648, section 4: padding whole or absent, bits that are left over ignored. */
  private static byte @Nullable [] base64(String text) {
    int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    String digits = text.substring(0, text.length() - padding);
    if (digits.length() % 4 == 1 || (padding > 0 && text.length() % 4 != 0)) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(digits.length());
    int bits = 0;
    int held = 0;
    for (int i = 0; i < digits.length(); i++) {
      int value = BASE64.indexOf(digits.charAt(i));
      if (value < 0) {
        return null;
      }
      held = (held << 6 | value) & 0xffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes.write(held >> bits);
      }
    }
    return bytes.toByteArray();
  }

  /** UTF-8 in which each surrogate that is not half of a pair is U+FFFD. */
  private static byte[] utf8(String text) {
    int[] codePoints =
        text.codePoints().map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c).toArray();
    return new String(codePoints, 0, codePoints.length).getBytes(StandardCharsets.UTF_8);
  }
}
