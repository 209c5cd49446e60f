package io.github.miniscan.proof.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The references themselves, by examples of the RFCs. */
class ReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, 01020304, 1.2.3.4",
    "::, 00000000000000000000000000000000, ::",
    "2001:DB8:0:0:8:800:200C:417A, 20010db80000000000080800200c417a, 2001:db8::8:800:200c:417a",
    "2001:db8:0:1:1:1:1:1, 20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
    "1:0:0:2:0:0:0:3, 00010000000000020000000000000003, 1:0:0:2::3",
    "1:0:0:2:0:0:3:4, 00010000000000020000000000030004, 1::2:0:0:3:4",
    "::FFFF:129.144.52.38, 81903426, 129.144.52.38",
    "::13.1.68.3, 0000000000000000000000000d014403, ::d01:4403",
    "1:2:3:4:5:6:7::, 00010002000300040005000600070000, 1:2:3:4:5:6:7:0"
  })
  void anAddressIsWhatTheRfcSays(String text, String bytes, String canonical) {
    byte[] parsed = ReferenceAddress.parse(text);

    assertThat(parsed).isEqualTo(HexFormat.of().parseHex(bytes));
    assertThat(ReferenceAddress.format(parsed)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.",
        "01.2.3.4",
        "256.1.1.1",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "12345::",
        "::1%0",
        "[::1]",
        "::1/64",
        "1.2.3.4::"
      })
  void whatIsNoAddressIsNone(String text) {
    assertThat(ReferenceAddress.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", " {\"a\":[1,-0,1.5e+3,true,null,\"\\u00e9\"]}\n", "{\"ip\":{\"ip\":1}}"})
  void whatIsJsonIs(String text) {
    assertThat(JsonGrammar.isMessage(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}{}",
        "{\"a\":01}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":+1}",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\" 1}",
        "{\"ip\":1,\"\\u0069p\":1}",
        "{\"data\":{\"response_str\":1,\"response_str\":1}}",
        "{\"\\ud800\":1}",
        "\u00a0{}"
      })
  void whatIsNoJsonIsNone(String text) {
    assertThat(JsonGrammar.isMessage(text)).isFalse();
  }

  @Test
  void theVersionIsJudgedBeforeTheRest() {
    byte[] payload = "{\"data_version\":3}".getBytes(StandardCharsets.UTF_8);

    assertThat(ReferenceDecoder.decode(payload, Recipe.PUBLISHED, Duration.ZERO).reason())
        .isEqualTo(Reason.UNSUPPORTED_DATA_VERSION);
  }
}
