package io.github.miniscan.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class WaitConverterTest {

  private final WaitConverter converter = new WaitConverter();

  @Test
  void aClockCanCountWhateverIsGiven() {
    for (String longest : List.of("9223372036854775807s", "106751991167300d", "300000d")) {
      assertThat(System.nanoTime() + converter.convert(longest).toNanos()).isPositive();
      assertThat(converter.convert(longest)).isGreaterThanOrEqualTo(Duration.ofDays(36_500));
    }
    assertThat(converter.convert("7d")).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void refusesWhatIsNoDuration() {
    assertThatThrownBy(() -> converter.convert("soon")).isInstanceOf(TypeConversionException.class);
  }
}
