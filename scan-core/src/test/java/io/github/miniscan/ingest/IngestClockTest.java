package io.github.miniscan.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class IngestClockTest {

  private final IngestClock clock = IngestClock.SYSTEM;

  @Test
  void tellsTheTimeOfTheSystem() {
    Instant before = Instant.now();
    assertThat(clock.now()).isBetween(before, Instant.now());
    long nanos = System.nanoTime();
    assertThat(clock.nanoTime()).isBetween(nanos, System.nanoTime());
  }

  @Test
  void waitsForALatchAndSaysWhetherItCame() throws InterruptedException {
    long began = System.nanoTime();
    assertThat(clock.await(new CountDownLatch(0), Duration.ofHours(1))).isTrue();
    assertThat(clock.await(new CountDownLatch(1), Duration.ofMillis(5))).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofMillis(5), Duration.ofSeconds(15));
  }
}
