package io.github.miniscan.ingest;

import io.github.miniscan.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Receives the events of an engine and, where the source was opened with it, those of the source:
 * for logs and metrics.
 *
 * <p>The engine calls it from its own thread, so a listener should be quick. An exception that it
 * throws ends the run: deliveries that are not acked are handed back. Events may gain further
 * values; new kinds of events are added as methods that do nothing by default.
 */
public interface IngestListener extends SourceListener {

  /** A listener that does nothing. */
  IngestListener NONE = new IngestListener() {};

  /** A batch is durable and its deliveries are acked. */
  default void batchSettled(BatchSettled event) {}

  /**
   * A delivery is about to become a dead letter, which is not durable yet. The dead letter is what
   * will be kept: any redaction has happened.
   */
  default void rejected(DeadLetter kept) {}

  /** A write failed, and will be retried. */
  default void storeDown(StoreDown event) {}

  /** A write succeeded after failures. */
  default void storeUp(StoreUp event) {}

  /** The stop time is over: deliveries in hand were handed back, unwritten. */
  default void handedBack(HandedBack event) {}

  /** The event of {@link #batchSettled}. */
  final class BatchSettled {
    private final IngestCounts batch;
    private final IngestCounts total;
    private final Duration decoding;
    private final Duration writing;
    private final @Nullable Instant oldestPublished;

    BatchSettled(
        IngestCounts batch,
        IngestCounts total,
        Duration decoding,
        Duration writing,
        @Nullable Instant oldestPublished) {
      this.batch = batch;
      this.total = total;
      this.decoding = decoding;
      this.writing = writing;
      this.oldestPublished = oldestPublished;
    }

    /** Returns the outcomes of this batch's deliveries. */
    public IngestCounts batch() {
      return batch;
    }

    /** Returns the outcomes since the run began, this batch included. */
    public IngestCounts total() {
      return total;
    }

    /** Returns how long the engine's thread decoded the batch, or waited for its decoding. */
    public Duration decoding() {
      return decoding;
    }

    /** Returns how long the batch took to become durable, retries and their waits included. */
    public Duration writing() {
      return writing;
    }

    /** Returns the earliest publish time in the batch; empty where no message has one. */
    public Optional<Instant> oldestPublished() {
      return Optional.ofNullable(oldestPublished);
    }
  }

  /** The event of {@link #storeDown}. */
  final class StoreDown {
    private final Exception failure;
    private final int attempt;
    private final Duration downFor;
    private final Duration nextTry;

    StoreDown(Exception failure, int attempt, Duration downFor, Duration nextTry) {
      this.failure = failure;
      this.attempt = attempt;
      this.downFor = downFor;
      this.nextTry = nextTry;
    }

    /** Returns the store's exception. */
    public Exception failure() {
      return failure;
    }

    /** Returns the store's exception in a sentence, harmless to show. */
    public String sentence() {
      return PersistentWriter.told(failure);
    }

    /** Returns the number of failures in a row, 1 for the first. */
    public int attempt() {
      return attempt;
    }

    /** Returns the time since the first failure in a row. */
    public Duration downFor() {
      return downFor;
    }

    /** Returns how long the engine waits before it retries. */
    public Duration nextTry() {
      return nextTry;
    }
  }

  /** The event of {@link #storeUp}. */
  final class StoreUp {
    private final Duration downFor;

    StoreUp(Duration downFor) {
      this.downFor = downFor;
    }

    /** Returns how long writes have failed. */
    public Duration downFor() {
      return downFor;
    }
  }

  /** The event of {@link #handedBack}. */
  final class HandedBack {
    private final int deliveries;

    HandedBack(int deliveries) {
      this.deliveries = deliveries;
    }

    /** Returns the number of deliveries, 1 or more. */
    public int deliveries() {
      return deliveries;
    }
  }
}
