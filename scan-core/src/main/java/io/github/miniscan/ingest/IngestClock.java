package io.github.miniscan.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Time as the engine sees it. All of its waiting goes through here or through {@link
 * MessageSource#receive}, so that a whole run can be simulated in one thread.
 */
public interface IngestClock {

  /** The real time. */
  IngestClock SYSTEM =
      new IngestClock() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public boolean await(CountDownLatch latch, Duration longest) throws InterruptedException {
          return latch.await(longest.toNanos(), TimeUnit.NANOSECONDS);
        }
      };

  /** The time of day. */
  Instant now();

  /** Nanoseconds since some instant, never going back; see {@link System#nanoTime}. */
  long nanoTime();

  /**
   * Waits until the latch is open, but no longer than told.
   *
   * @return whether the latch is open
   */
  boolean await(CountDownLatch latch, Duration longest) throws InterruptedException;
}
