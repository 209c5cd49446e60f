package io.github.miniscan.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
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

  @Test
  void readsWhatItWrites() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      long second = random.nextLong() >>> (1 + random.nextInt(62));
      assertThat(EpochTime.parse(EpochTime.text(second))).isEqualTo(second);
    }
    assertThat(EpochTime.parse("+292277026596-12-04T15:30:07Z")).isEqualTo(Long.MAX_VALUE);
    assertThat(EpochTime.date(1_700_000_000)).isEqualTo("2023-11-14");
  }

  @Test
  void refusesAnyOtherSpelling() {
    for (String wrong :
        List.of(
            "",
            "2023-11-14",
            "2023-11-14T22:13:20",
            "2023-11-14T22:13:20+00:00",
            "2023-11-14T22:13:20.0Z",
            "2023-02-29T00:00:00Z",
            "2023-11-14T24:00:00Z",
            "+2023-11-14T22:13:20Z",
            "12023-11-14T22:13:20Z",
            "+292277026596-12-04T15:30:08Z",
            "+999999999999-12-04T15:30:08Z",
            "1700000000")) {
      assertThatThrownBy(() -> EpochTime.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"" + wrong + "\"");
    }
  }
}
