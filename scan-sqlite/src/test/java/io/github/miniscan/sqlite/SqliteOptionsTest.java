package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.store.ScanStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteOptionsTest {

  @TempDir private Path directory;
  private final SqliteOptions defaults = SqliteOptions.defaults();

  @Test
  void changesOneThingAtATime() {
    SqliteOptions changed =
        defaults.withOpenWithin(Duration.ZERO).withLockWait(Duration.ofMillis(1)).withCacheBytes(1);

    assertThat(changed.openWithin()).isZero();
    assertThat(changed.lockWait()).isEqualTo(Duration.ofMillis(1));
    assertThat(changed.cacheBytes()).isOne();
    assertThat(defaults.withOpenWithin(Duration.ZERO).lockWait()).isEqualTo(defaults.lockWait());
    assertThat(defaults.openWithin()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void refusesInvalidWaitsAndSizes() {
    assertThatThrownBy(() -> defaults.withOpenWithin(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("negative open within: PT-0.001S (0 or more)");
    assertThatThrownBy(() -> defaults.withLockWait(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("negative lock wait: PT-0.001S (0 or more)");
    for (long cache : new long[] {-1, 0, 1L << 41, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> defaults.withCacheBytes(cache))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("cache out of range: " + cache + " (1 to 2199023254528)");
    }
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNull() {
    assertThatThrownBy(() -> defaults.withOpenWithin(null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> defaults.withLockWait(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void takesWaitsThatAreLongerThanAnyProgramRuns() throws Exception {
    SqliteOptions patient =
        defaults
            .withOpenWithin(Duration.ofSeconds(Long.MAX_VALUE))
            .withLockWait(Duration.ofDays(300_000));
    Path path = directory.resolve("scans.db");
    SqliteScanStore.open(path).close();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Connection other = new Sql(path).connect();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      Future<ScanStore> opening = threads.submit(() -> SqliteScanStore.open(path, patient));
      assertThatThrownBy(() -> opening.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      statement.execute("COMMIT");
      try (ScanStore store = opening.get()) {
        assertThat(Scans.all(store)).isEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
