package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SqliteOptionsTest {

  private final SqliteOptions defaults = SqliteOptions.defaults();

  @Test
  void changesOneThingAtATime() {
    assertThat(
            defaults
                .withOpenWithin(Duration.ZERO)
                .withLockWait(Duration.ofMillis(1))
                .withCacheBytes(1))
        .isEqualTo(new SqliteOptions(Duration.ZERO, Duration.ofMillis(1), 1));
  }

  @Test
  void refusesWaitsAndSizesThatAreNone() {
    assertThatThrownBy(() -> defaults.withOpenWithin(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("negative wait: open within PT-0.001S");
    assertThatThrownBy(() -> defaults.withLockWait(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> defaults.withCacheBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cache out of range: 0 (1 or more)");
  }
}
