package io.github.miniscan.ingest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A request to end a run, and the time until which it may continue to write. */
final class StopSignal {

  private final IngestClock clock;
  private final CountDownLatch requested = new CountDownLatch(1);
  private volatile long deadline;

  StopSignal(IngestClock clock) {
    this.clock = clock;
  }

  /** The first request counts. */
  synchronized void request(Duration within) {
    if (!isRequested()) {
      deadline = clock.nanoTime() + within.toNanos();
      requested.countDown();
    }
  }

  boolean isRequested() {
    return requested.getCount() == 0;
  }

  boolean isTimeOver() {
    return isRequested() && clock.nanoTime() - deadline >= 0;
  }

  /** Waits for a request; does not wait where the time is not positive. */
  void awaitRequest(Duration longest) throws InterruptedException {
    if (!longest.isNegative() && !longest.isZero()) {
      clock.await(requested, longest);
    }
  }

  /** Waits before another try; a request cuts the wait short once, so that one more try is made. */
  void pause(Duration wait) throws InterruptedException {
    if (!isRequested()) {
      clock.await(requested, wait);
      return;
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline - clock.nanoTime()));
    clock.await(new CountDownLatch(1), wait.compareTo(left) < 0 ? wait : left);
  }
}
