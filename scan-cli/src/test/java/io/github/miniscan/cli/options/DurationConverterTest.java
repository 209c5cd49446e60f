package io.github.miniscan.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {

  private final DurationConverter converter = new DurationConverter();

  @Test
  void readsEachUnit() {
    assertThat(converter.convert("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(converter.convert("5s")).isEqualTo(Duration.ofSeconds(5));
    assertThat(converter.convert("2m")).isEqualTo(Duration.ofMinutes(2));
    assertThat(converter.convert("24h")).isEqualTo(Duration.ofHours(24));
    assertThat(converter.convert("7d")).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void takesASkewThatLetsEveryTimestampIn() {
    assertThat(converter.convert("106751991167300d").toSeconds())
        .isGreaterThan(Long.MAX_VALUE - 100_000);
  }

  @Test
  void refusesAnythingElse() {
    for (String wrong : List.of("", "5", "s", "-5s", "5 s", "1.5s", "5S", "1h30m", "PT5S")) {
      assertThatThrownBy(() -> converter.convert(wrong))
          .isInstanceOf(TypeConversionException.class)
          .hasMessageContaining("\"" + wrong + "\"")
          .hasMessageContaining("500ms");
    }
    assertThatThrownBy(() -> converter.convert("9223372036854775807d"))
        .hasMessageContaining("too long");
    assertThatThrownBy(() -> converter.convert("9999999999999999999s"))
        .hasMessageContaining("too long");
  }
}
