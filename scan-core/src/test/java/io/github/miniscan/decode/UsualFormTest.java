package io.github.miniscan.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads are written with ' for ". */
class UsualFormTest {

  private static final String V1 =
      "{'ip':'1.1.1.1','port':80,'service':'HTTP','timestamp':1700000000,"
          + "'data_version':1,'data':{'response_bytes_utf8':'aGVsbG8gd29ybGQ='}}";
  private static final String V2 =
      "{'ip':'2001:db8::1','port':0,'service':'h\u00e9','timestamp':0,"
          + "'data_version':2,'data':{'response_str':'a\\r\\u000A\u00e9'}}";

  /** What a byte is changed to: what JSON, numbers, addresses and UTF-8 make much of. */
  private static final byte[] TELLING =
      "'\"\\/{}[]:,0129-+.eEuntbf ax\t\n\u0000\u001f\u007f\u0080\u00c2\u00ff".getBytes(ISO_8859_1);

  private final JsonScanDecoder decoder =
      new JsonScanDecoder(
          Duration.ofHours(24), InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)));

  @ParameterizedTest
  @ValueSource(
      strings = {
        V1,
        V2,
        "  " + V1 + "\n",
        "{ 'ip' : '1.1.1.1' , 'port':\t80,\r\n'service':'HTTP', 'timestamp':1700000000 ,"
            + "'data_version': 1 ,'data' : { 'response_bytes_utf8' : '' } } ",
      })
  void isReadWithWhateverSpace(String payload) {
    assertThat(read(payload)).isEqualTo(parsed(payload)).isInstanceOf(ScanRecord.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "`` | ``",
        "` a ` | ` a `",
        "\\\\\\/\\b\\f\\n\\r\\t | `\\/\b\f\n\r\t`",
        "\\u0000\\u001B\\u007f | `\u0000\u001b\u007f`",
        "h\u00e9 \u4e16 \ud83d\ude00 | `h\u00e9 \u4e16 \ud83d\ude00`",
        "\\u0080 | -",
        "\\ud83d\\ude00 | -",
        "\\x | -",
        "\\u00 | -",
        "\\u00g0 | -",
      })
  void readsEscapesThatStandForOneByte(String written, @Nullable String meant) {
    ScanRecord read = read(V2.replace("a\\r\\u000A\u00e9", written));
    assertThat(read == null ? null : read.response().text()).isEqualTo(meant);
  }

  @Test
  void readsEscapesInBase64() {
    assertThat(read(V1.replace("aGV", "aG\\u0056"))).isEqualTo(read(V1)).isNotNull();
  }

  @Test
  void isReadUpToEveryLimit() {
    assertThat(read(V1.replace("80", "65535"))).isNotNull();
    assertThat(read(V1.replace("80", "65536"))).isNull();
    assertThat(read(V1.replace("1700000000", "999999999999999999"))).isNotNull();
    assertThat(read(V1.replace("HTTP", "x".repeat(255)))).isNotNull();
    assertThat(read(V1.replace("HTTP", "x".repeat(256)))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'ip' | {'x':0,'ip'",
        "{'ip':'1.1.1.1','port':80 | {'port':80,'ip':'1.1.1.1'",
        "'ip' | '\\u0069p'",
        "'port':80 | 'port':-0",
        "1700000000 | 9223372036854775807",
        "1700000000 | 1000000000000000000",
        "='} | =','x':0}",
        "}} | },'x':0}",
      })
  void leavesOtherFormsToTheParser(String usual, String other) throws Exception {
    String payload = V1.replace(usual, other);
    assertThat(read(payload)).isNull();
    JsonScanDecoder endless =
        new JsonScanDecoder(Duration.ofSeconds(Long.MAX_VALUE), InstantSource.system());
    assertThat(endless.decode(message(payload.replace('\'', '"').getBytes(UTF_8)))).isNotNull();
  }

  /** An unknown field changes no verdict, and makes the form another one. */
  @Test
  void hasTheVerdictOfTheParserWhateverIsChanged() {
    int usual = 0;
    int changed = 0;
    for (byte[] payload : changed()) {
      Object expected = parsed(payload);
      assertThat(outcome(payload)).as(() -> new String(payload, UTF_8)).isEqualTo(expected);
      usual += UsualForm.readOrNull(payload) == null ? 0 : 1;
      changed++;
    }
    assertThat(usual).isBetween(changed / 20, changed / 2);
  }

  private static List<byte[]> changed() {
    List<byte[]> all = new ArrayList<>();
    for (String payload : List.of(V1, V2)) {
      byte[] bytes = payload.replace('\'', '"').getBytes(UTF_8);
      for (int at = 1; at <= bytes.length; at++) {
        all.add(spliced(bytes, at, bytes.length, new byte[0]));
        if (at < bytes.length) {
          all.add(spliced(bytes, at, at + 1, new byte[0]));
        }
        for (byte b : TELLING) {
          all.add(spliced(bytes, at, at, new byte[] {b}));
          if (at < bytes.length) {
            all.add(spliced(bytes, at, at + 1, new byte[] {b}));
          }
        }
      }
    }
    return all;
  }

  /** The bytes with others in place of a part of them. */
  private static byte[] spliced(byte[] bytes, int from, int to, byte[] others) {
    byte[] result = new byte[bytes.length - (to - from) + others.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(others, 0, result, from, others.length);
    System.arraycopy(bytes, to, result, from + others.length, bytes.length - to);
    return result;
  }

  private static @Nullable ScanRecord read(String payload) {
    return UsualForm.readOrNull(payload.replace('\'', '"').getBytes(UTF_8));
  }

  private Object parsed(String payload) {
    return parsed(payload.replace('\'', '"').trim().getBytes(UTF_8));
  }

  private Object parsed(byte[] payload) {
    byte[] other = spliced(payload, 1, 1, "\"x\":0,".getBytes(UTF_8));
    assertThat(UsualForm.readOrNull(other)).isNull();
    return outcome(other);
  }

  /** The record, or the reason why there is none. */
  private Object outcome(byte[] payload) {
    try {
      return decoder.decode(message(payload));
    } catch (RejectedException e) {
      return e.reason();
    }
  }

  private static Message message(byte[] payload) {
    return new Message("1", payload, Map.of(), null);
  }
}
