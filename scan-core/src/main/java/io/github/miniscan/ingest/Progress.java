package io.github.miniscan.ingest;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The time at which the engine's thread last went on. Safe for use by several threads. */
final class Progress {

  private final IngestClock clock;
  private final Duration longestPause;
  private volatile @Nullable Long last;

  Progress(IngestClock clock, Duration longestPause) {
    this.clock = clock;
    this.longestPause = longestPause;
  }

  void made() {
    last = clock.nanoTime();
  }

  /** Returns a sentence where the run has begun and its thread has not gone on for too long. */
  Optional<String> stalledBecause() {
    Long since = last;
    if (since == null) {
      return Optional.empty();
    }
    Duration pause = Duration.ofNanos(clock.nanoTime() - since);
    return pause.compareTo(longestPause) <= 0
        ? Optional.empty()
        : Optional.of("the engine has made no progress for " + pause.toSeconds() + " s");
  }
}
