package io.github.miniscan.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EpochTimeTest {

  @Test
  void writesWhatInstantWrites() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      long second = random.nextLong(Instant.MAX.getEpochSecond());
      assertThat(EpochTime.text(second)).isEqualTo(Instant.ofEpochSecond(second).toString());
    }
  }

  @Test
  void writesTheBriefsTime() {
    assertThat(EpochTime.text(1_700_000_000)).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(EpochTime.text(0)).isEqualTo("1970-01-01T00:00:00Z");
  }

  @Test
  void goesOnWhereInstantEnds() {
    assertThat(EpochTime.text(Long.MAX_VALUE)).isEqualTo("+292277026596-12-04T15:30:07Z");
  }
}
