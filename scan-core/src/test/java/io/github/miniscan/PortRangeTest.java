package io.github.miniscan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortRangeTest {

  @Test
  void readsPortsAndRanges() {
    assertThat(PortRange.parse("0")).isEqualTo(PortRange.of(0));
    assertThat(PortRange.parse("8000-8100")).isEqualTo(new PortRange(8_000, 8_100));
    assertThat(PortRange.parse("0-65535")).hasToString("0-65535");
    assertThat(PortRange.of(80)).hasToString("80");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ssh | not a port: \"ssh\" (0 to 65535, or a range as in 8000-8100)",
        "-1 | not a port: \"-1\" (0 to 65535, or a range as in 8000-8100)",
        "65536 | port out of range: 65536 (0 to 65535)",
        "1-65536 | port out of range: 65536 (0 to 65535)",
        "9-1 | range ends before it begins: 9-1",
      })
  void refusesEverythingElseWithASentence(String text, String sentence) {
    assertThatThrownBy(() -> PortRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  @Test
  void mergesRangesThatOverlapOrTouch() {
    List<PortRange> ranges =
        List.of(
            new PortRange(10, 20),
            PortRange.of(21),
            PortRange.of(9),
            PortRange.of(5),
            new PortRange(0, 2),
            PortRange.of(65_535),
            new PortRange(12, 14));
    assertThat(PortRange.disjoint(ranges))
        .containsExactly(
            new PortRange(0, 2), PortRange.of(5), new PortRange(9, 21), PortRange.of(65_535));
  }
}
