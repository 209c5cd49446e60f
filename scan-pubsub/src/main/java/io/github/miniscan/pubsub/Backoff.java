package io.github.miniscan.pubsub;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits that double up to a cap, each jittered by up to a half, so that clients spread out. */
final class Backoff {

  private final long first;
  private final long longest;
  private long next;

  Backoff(Duration first, Duration longest) {
    this.first = first.toNanos();
    this.longest = longest.toNanos();
    this.next = this.first;
  }

  Duration next() {
    long half = next / 2;
    next = Math.min(next * 2, longest);
    return Duration.ofNanos(half + ThreadLocalRandom.current().nextLong(half + 1));
  }

  void reset() {
    next = first;
  }
}
