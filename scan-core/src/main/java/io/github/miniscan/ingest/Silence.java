package io.github.miniscan.ingest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time for which nothing has arrived, and the limit at which a run ends. */
final class Silence {

  /** The source is asked that often whether it is still connected. */
  static final Duration CHECK = Duration.ofMillis(100);

  private final IngestClock clock;
  private final @Nullable Duration limit;
  private long since;

  /**
   * @param limit null for none
   */
  Silence(IngestClock clock, @Nullable Duration limit) {
    this.clock = clock;
    this.limit = limit;
    since = clock.nanoTime();
  }

  /** Begins the silence again: something arrived, or nothing could. */
  void isBroken() {
    since = clock.nanoTime();
  }

  boolean isOver() {
    return limit != null && clock.nanoTime() - since >= limit.toNanos();
  }

  /** Returns how long to wait for a delivery. */
  Duration nextWait(Duration longest) {
    if (limit == null) {
      return longest;
    }
    Duration left = limit.minusNanos(clock.nanoTime() - since);
    return left.isNegative() ? Duration.ZERO : left.compareTo(CHECK) < 0 ? left : CHECK;
  }
}
