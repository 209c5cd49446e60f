package io.github.miniscan.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScanDecoderTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final String ALL_BUT_IP =
      "'port':80,'service':'HTTP','timestamp':1700000000,'data_version':2,'data':{'response_str':'x'}";
  private static final String SCAN = "'ip':'1.1.1.1'," + ALL_BUT_IP;

  private final JsonScanDecoder decoder =
      new JsonScanDecoder(JsonScanDecoder.DEFAULT_MAX_SKEW, InstantSource.fixed(NOW));

  static List<DecodeCase> cases() {
    return DecodeCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void holdsForEveryCase(DecodeCase expected) throws Exception {
    if (expected.reason() != null) {
      assertThat(rejection(expected.message()).reason()).isEqualTo(expected.reason());
      return;
    }
    ScanRecord record = decoder.decode(expected.message());
    assertThat(record).isEqualTo(expected.record());
    assertThat(record.response().text()).isEqualTo(expected.text());
    assertThat(record.response().isText()).isEqualTo(expected.responseBase64() == null);
  }

  @Test
  void knowsEveryCaseOfTheFile() {
    assertThat(cases()).hasSize(162);
  }

  @Test
  void saysWhatIsWrongWithWhichValue() {
    assertThat(rejection(message("{" + SCAN.replace("80", "65536") + "}")))
        .hasMessage("port 65536 is not an integer from 0 to 65535");
    assertThat(rejection(message("{'ip':'1.1.1'," + ALL_BUT_IP + "}")))
        .hasMessage("ip \"1.1.1\" is not an IPv4 or IPv6 address");
    assertThat(rejection(message("{" + SCAN.replace("1700000000", "1700086401") + "}")))
        .hasMessage(
            "timestamp 1700086401 is 86401 s after the publish time 2023-11-14T22:13:20Z"
                + " (at most 86400 s)");
  }

  @Test
  void saysThatATimestampLooksLikeMilliseconds() {
    assertThat(rejection(message("{" + SCAN.replace("1700000000", "1700000000123") + "}")))
        .hasMessageEndingWith("(at most 86400 s); it looks like milliseconds");
    assertThat(rejection(message("{" + SCAN.replace("1700000000", "9223372036854775807") + "}")))
        .hasMessageEndingWith("(at most 86400 s)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'port':80,      |                   | the field port is absent",
        "'port':80       | 'port':null       | the field port is null",
        "'port':80       | 'port':{}         | port {…} is not an integer from 0 to 65535",
        "'port':80       | 'port':[80]       | port […] is not an integer from 0 to 65535",
        "'port':80       | 'port':true       | port true is not an integer from 0 to 65535",
        "'port':80       | 'port':8.5        | port 8.5 is not an integer from 0 to 65535",
        "'service':'HTTP' | 'service':8      | service 8 is not 1 to 255 bytes of text without"
            + " control characters",
        "'service':'HTTP' | 'service':8.5    | service 8.5 is not 1 to 255 bytes of text without"
            + " control characters",
        "'service':'HTTP' | 'service':99999999999999999999 | service 99999999999999999999 is not 1"
            + " to 255 bytes of text without control characters",
        "1700000000      | 1.5               | timestamp 1.5 is not whole seconds since the epoch",
        "'data_version':2 | 'data_version':3 | data_version 3 is not supported (1 or 2)",
        "'response_str'  | 'other'           | data.response_str is absent",
        "'response_str':'x' | 'response_str':7 | data.response_str 7 is no text",
        "'response_str':'x' | 'response_str':7.5 | data.response_str 7.5 is no text",
        "{'response_str':'x'} | 'x'          | data \"x\" is not an object",
      })
  void saysWhatIsMissingAndWhatIsThereInstead(String field, @Nullable String other, String detail) {
    String payload = "{" + SCAN.replace(field, other == null ? "" : other) + "}";
    assertThat(rejection(message(payload)).detail()).isEqualTo(detail);
  }

  @Test
  void saysWhereItIsNoJson() {
    assertThat(rejection(message("{'ip':1.1.1.1}")).detail())
        .startsWith("Unexpected character ('.'")
        .endsWith("(at byte 9)");
  }

  @Test
  void namesAByteOrderMarkEvenWithNothingBehindIt() {
    assertThat(rejection(message("\ufeff")).detail())
        .isEqualTo("the payload begins with a byte order mark");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'ip':'\\u001b[31m\\u202e'," + ALL_BUT_IP + "}", "{'ip':\u202e", "{\u001b[31m"})
  void hidesNoTerminalEscapeInTheDetail(String payload) {
    String detail = rejection(message(payload)).detail();
    assertThat(detail.chars()).noneMatch(c -> Character.isISOControl(c) || c == '\u202e');
  }

  // The time of the scan and the time of publication

  @ParameterizedTest
  @CsvSource({
    "1700086400, 1700000000, 0, true",
    "1700086401, 1700000000, 0, false",
    "1700086401, 1700000000, 999999999, false",
    "1700086400, 1699999999, 999999999, false",
    "1700086399, 1699999999, 0, true",
    "0, 1700000000, 0, true",
  })
  void acceptsScansUpToTheSkewAfterPublication(
      long scannedAt, long publishedAt, int nanos, boolean accepted) {
    assertThat(isAccepted(decoder, scannedAt, Instant.ofEpochSecond(publishedAt, nanos)))
        .isEqualTo(accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "499999999, 500000000, false",
    "500000000, 500000000, true",
    "999999999, 1, true",
    "0, 999999999, false",
  })
  void addsTheNanosecondsOfSkewAndPublication(int published, int skew, boolean accepted) {
    var precise = new JsonScanDecoder(Duration.ofSeconds(10, skew), InstantSource.fixed(NOW));
    Instant publishedAt = Instant.ofEpochSecond(100, published);
    assertThat(isAccepted(precise, 110, publishedAt)).isTrue();
    assertThat(isAccepted(precise, 111, publishedAt)).isEqualTo(accepted);
    assertThat(isAccepted(precise, 112, publishedAt)).isFalse();
  }

  @Test
  void acceptsAnyTimeWithAnEndlessSkew() {
    var endless =
        new JsonScanDecoder(
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999), InstantSource.fixed(NOW));
    assertThat(isAccepted(endless, Long.MAX_VALUE, NOW)).isTrue();
    assertThat(isAccepted(endless, Long.MAX_VALUE, Instant.MAX)).isTrue();
    assertThat(isAccepted(endless, 1_700_000_000, Instant.EPOCH)).isTrue();
  }

  @Test
  void addsTheSkewToATimeBeforeTheEpoch() {
    assertThat(isAccepted(decoder, 86_390, Instant.ofEpochSecond(-10))).isTrue();
    assertThat(isAccepted(decoder, 86_391, Instant.ofEpochSecond(-10))).isFalse();
  }

  @Test
  void comparesTimesThatAreFarApart() {
    var strict = new JsonScanDecoder(Duration.ZERO, InstantSource.fixed(NOW));
    assertThat(isAccepted(strict, Long.MAX_VALUE, NOW)).isFalse();
    assertThat(isAccepted(strict, Long.MAX_VALUE, Instant.MIN)).isFalse();
    assertThat(isAccepted(strict, 0, Instant.MIN)).isFalse();
    assertThat(isAccepted(strict, 0, Instant.EPOCH)).isTrue();
  }

  @Test
  void refusesANegativeSkew() {
    assertThatThrownBy(() -> new JsonScanDecoder(Duration.ofNanos(-1), InstantSource.system()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesMissingParts() {
    assertThatThrownBy(() -> new JsonScanDecoder(null, InstantSource.system()))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new JsonScanDecoder(Duration.ZERO, null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void usesTheClockOnlyWhereThereIsNoPublishTime() {
    assertThat(isAccepted(decoder, 1_700_086_400, null)).isTrue();
    assertThat(isAccepted(decoder, 1_700_086_401, null)).isFalse();
    assertThat(isAccepted(decoder, 1_700_086_401, NOW.plusSeconds(1))).isTrue();
    assertThat(isAccepted(decoder, 1_700_000_000, NOW.minusSeconds(86_401))).isFalse();
  }

  // Numbers

  @Test
  void readsMinusZeroAsZero() throws Exception {
    ScanRecord record = decode("{" + SCAN.replace("80", "-0").replace("1700000000", "-0") + "}");
    assertThat(record.key().port()).isZero();
    assertThat(record.lastScanned()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'data':{'response_str':'x'},'data_version':2,'timestamp':1700000000,'service':'HTTP',"
            + "'port':80,'ip':'1.1.1.1'",
        "'port':80,'ip':'1.1.1.1','a':{},'timestamp':1700000000,'b':0,'service':'HTTP',"
            + "'data':{'c':0,'response_bytes_utf8':'eQ==','d':0,'response_str':'x'},'data_version':2",
        "'a':0,'ip':'1.1.1.1','a':0,'port':80,'a':0,'service':'HTTP','a':0,'timestamp':1700000000,"
            + "'a':0,'data_version':2,'a':0,'data':{'a':0,'response_str':'x','a':0},'a':0",
      })
  void readsFieldsInAnyOrder(String fields) throws Exception {
    assertThat(decode("{" + fields + "}")).isEqualTo(decode("{" + SCAN + "}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"080", "+80", ".5", "0x50", "NaN", "Infinity", "8_0", "1.", "1e", "--1"})
  void refusesNumbersThatAreNotJson(String number) {
    assertThat(reasonFor("{" + SCAN.replace("80", number) + "}")).isEqualTo(Reason.MALFORMED_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"port", "timestamp", "data_version", "unknown"})
  void readsNumbersOfAThousandDigitsAndNoMore(String field) {
    String others = SCAN.replaceFirst("'" + field + "':\\d+,", "");
    String number = "9".repeat(1_000);
    assertThat(outcome("{'" + field + "':" + number + "," + others + "}"))
        .isNotEqualTo(Reason.MALFORMED_JSON);
    assertThat(outcome("{'" + field + "':" + number + "9," + others + "}"))
        .isEqualTo(Reason.MALFORMED_JSON);
    assertThat(outcome("{'" + field + "':0." + number + "," + others + "}"))
        .isEqualTo(Reason.MALFORMED_JSON);
  }

  // Structure

  @ParameterizedTest
  @CsvSource({"[,]", "{'x':,}"})
  void readsNestingToAThousandAndNoFurther(String open, String close) throws Exception {
    String scanAround = "{'x':%s1%s," + SCAN + "}";
    decode(scanAround.formatted(open.repeat(999), close.repeat(999)));
    assertThat(reasonFor(scanAround.formatted(open.repeat(1_000), close.repeat(1_000))))
        .isEqualTo(Reason.MALFORMED_JSON);
  }

  @Test
  void refusesEndlessNestingWithoutOverflow() {
    assertThat(reasonFor("[".repeat(1_000_000))).isEqualTo(Reason.MALFORMED_JSON);
    assertThat(reasonFor("{'data':".repeat(100_000))).isEqualTo(Reason.MALFORMED_JSON);
    assertThat(reasonFor("{'ip':" + "[".repeat(100_000))).isEqualTo(Reason.MALFORMED_JSON);
  }

  @Test
  void readsEscapedFieldNames() throws Exception {
    assertThat(decode("{'\\u0069\\u0070':'2.2.2.2'," + ALL_BUT_IP + "}").key().ip())
        .isEqualTo(IpAddress.parse("2.2.2.2"));
    assertThat(reasonFor("{'\\u0069p':'2.2.2.2'," + SCAN + "}"))
        .as("the same field twice")
        .isEqualTo(Reason.MALFORMED_JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'ip':null," + SCAN + "}",
        "{" + SCAN + ",'data':null}",
        "{" + SCAN + ",'data':{}}",
        "{'data':5," + SCAN + "}",
        "{" + SCAN + ",'data_version':2}",
        "{'ip':'1.1.1.1','port':80,'service':'HTTP','timestamp':1,'data_version':2,"
            + "'data':{'response_str':'x','response_bytes_utf8':'','response_bytes_utf8':''}}",
      })
  void refusesAKnownFieldGivenTwice(String payload) {
    assertThat(reasonFor(payload)).isEqualTo(Reason.MALFORMED_JSON);
  }

  @Test
  void ignoresKnownNamesInOtherPlaces() throws Exception {
    assertThat(
            decode(
                "{'x':{'ip':'9.9.9.9','port':[{'port':1}]},'response_str':'no','response_str':1,"
                    + "'data':{'ip':5,'ip':6,'data':{'response_str':'no'},'response_str':'yes'},"
                    + SCAN.replace(",'data':{'response_str':'x'}", "")
                    + "}"))
        .isEqualTo(decode("{" + SCAN.replace("'x'", "'yes'") + "}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{" + SCAN + ",}",
        "{," + SCAN + "}",
        "{" + SCAN + "",
        "{" + SCAN + "}}",
        "{" + SCAN + "}[]",
        "{" + SCAN + "}\u0000",
        "\u0000{" + SCAN + "}",
        "{" + SCAN + "}\u00a0",
        "\f{" + SCAN + "}",
        "[{" + SCAN + "}]",
        "/* scan */{" + SCAN + "}",
        "{" + SCAN + "}//",
        "{ip:'1.1.1.1'," + ALL_BUT_IP + "}",
        "{'x':tru," + SCAN + "}",
        "{'x':'\\x41'," + SCAN + "}",
        "{'x':'\\u00g0'," + SCAN + "}",
        "{'x':'a\nb'," + SCAN + "}",
        "{'x':'\t'," + SCAN + "}",
        "{'x' 1," + SCAN + "}",
        " ",
        "{",
        "}",
        "{'",
        "{'ip",
        "\u0000",
      })
  void refusesWhatIsNotOneJsonObject(String payload) {
    assertThat(reasonFor(payload)).isEqualTo(Reason.MALFORMED_JSON);
  }

  @Test
  void refusesSingleQuotes() {
    Message message = new Message("1", ("{" + SCAN + "}").getBytes(UTF_8), Map.of(), NOW);
    assertThat(rejection(message).reason()).isEqualTo(Reason.MALFORMED_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE"})
  void refusesOtherEncodings(String charset) throws Exception {
    byte[] payload = ("{" + SCAN + "}").replace('\'', '"').getBytes(charset);
    assertThat(rejection(new Message("1", payload, Map.of(), NOW)).reason())
        .isEqualTo(Reason.MALFORMED_JSON);
  }

  @Test
  void refusesBytesThatAreNotUtf8WhereverTheyAre() {
    for (String broken : List.of("\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00e2\u0082")) {
      for (String payload :
          List.of(
              "{'x':'" + broken + "'," + SCAN + "}",
              "{'" + broken + "':1," + SCAN + "}",
              "{" + SCAN.replace("'x'", "'" + broken + "'") + "}",
              "{" + SCAN + "}" + broken)) {
        byte[] bytes = payload.replace('\'', '"').getBytes(ISO_8859_1);
        assertThat(rejection(new Message("1", bytes, Map.of(), NOW)).reason())
            .isEqualTo(Reason.MALFORMED_JSON);
      }
    }
  }

  // Size

  @Test
  @Timeout(10)
  void readsManyUnknownFields() throws Exception {
    StringBuilder payload = new StringBuilder("{");
    for (int i = 0; i < 10_000; i++) {
      payload.append("'unknown ").append(i).append("':{'a':[").append(i).append("]},");
    }
    assertThat(decode(payload + SCAN + "}")).isEqualTo(decode("{" + SCAN + "}"));
  }

  @Test
  @Timeout(10)
  void readsAFieldNameOfAMegabyte() {
    String name = "n".repeat(1 << 20);
    assertThatCode(() -> decode("{'" + name + "':1," + SCAN + "}")).doesNotThrowAnyException();
  }

  @Test
  @Timeout(10)
  void readsAResponseOfNineMegabytes() throws Exception {
    String response = "ab\u00e9".repeat(9_000_000 / 4);
    ScanRecord record = decode("{" + SCAN.replace("'x'", "'" + response + "'") + "}");
    assertThat(record.response().text()).isEqualTo(response);
  }

  @Test
  void keepsTheServiceAndTheAddressAsTheyAre() throws Exception {
    assertThat(decode("{'ip':'::FFFF:1.1.1.1'," + ALL_BUT_IP.replace("HTTP", " h\\u00e9 ") + "}"))
        .extracting(ScanRecord::key)
        .isEqualTo(new ScanKey(IpAddress.parse("1.1.1.1"), 80, " h\u00e9 "));
  }

  private static boolean isAccepted(
      JsonScanDecoder decoder, long scannedAt, @Nullable Instant publishedAt) {
    String payload = "{" + SCAN.replace("1700000000", Long.toString(scannedAt)) + "}";
    try {
      decoder.decode(message(payload, publishedAt));
      return true;
    } catch (RejectedException e) {
      assertThat(e.reason()).isEqualTo(Reason.FUTURE_TIMESTAMP);
      return false;
    }
  }

  private ScanRecord decode(String payload) throws RejectedException {
    return decoder.decode(message(payload));
  }

  private Reason reasonFor(String payload) {
    return rejection(message(payload)).reason();
  }

  /** The reason, or nothing when the payload becomes a record. */
  private @Nullable Reason outcome(String payload) {
    try {
      decode(payload);
      return null;
    } catch (RejectedException e) {
      return e.reason();
    }
  }

  private RejectedException rejection(Message message) {
    RejectedException rejection =
        catchThrowableOfType(RejectedException.class, () -> decoder.decode(message));
    assertThat(rejection).as("rejection of %s", message).isNotNull();
    return rejection;
  }

  private static Message message(String payload) {
    return message(payload, NOW);
  }

  /** For readable payloads, ' stands for a quotation mark. */
  private static Message message(String payload, @Nullable Instant publishedAt) {
    return new Message("1", payload.replace('\'', '"').getBytes(UTF_8), Map.of(), publishedAt);
  }
}
