package io.github.miniscan.ingest;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The limits of an engine's run. Immutable: each {@code with} method returns new options.
 *
 * <p>A duration of more than 100 years counts as 100 years.
 */
public final class IngestOptions {

  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Duration SHORTEST_RETRY_WAIT = Duration.ofMillis(1);

  private static final IngestOptions DEFAULTS = new IngestOptions();

  private int maxBatch = 50_000;
  private int decodeAheadFrom = 2_000;
  private long maxDeliveries = Long.MAX_VALUE;
  private @Nullable Duration idleLimit;
  private @Nullable Duration storeDownLimit;
  private Duration stopWithin = Duration.ofSeconds(8);
  private Duration firstRetryWait = Duration.ofMillis(50);
  private Duration longestRetryWait = Duration.ofSeconds(5);

  private IngestOptions() {}

  private IngestOptions(IngestOptions other) {
    maxBatch = other.maxBatch;
    decodeAheadFrom = other.decodeAheadFrom;
    maxDeliveries = other.maxDeliveries;
    idleLimit = other.idleLimit;
    storeDownLimit = other.storeDownLimit;
    stopWithin = other.stopWithin;
    firstRetryWait = other.firstRetryWait;
    longestRetryWait = other.longestRetryWait;
  }

  /**
   * Returns the defaults: batches of at most 50,000; no limit on deliveries, silence or outages; a
   * stop within 8 seconds; retries after 50 milliseconds at first and after 5 seconds at most; with
   * an executor, the next batch is decoded ahead beside batches of 2,000 or more.
   */
  public static IngestOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these options with another limit on the deliveries of a batch.
   *
   * @param maxBatch 1 or more
   * @throws IllegalArgumentException when it is out of range
   */
  public IngestOptions withMaxBatch(int maxBatch) {
    IngestOptions options = new IngestOptions(this);
    options.maxBatch = (int) positive("batch size", maxBatch);
    return options;
  }

  /**
   * Returns these options with another size of a batch from which on, while it is written, the next
   * one is decoded in the engine's executor. Large batches are also decoded in it. It has no effect
   * on an engine without an executor.
   *
   * @param decodeAheadFrom 1 or more
   * @throws IllegalArgumentException when it is out of range
   */
  public IngestOptions withDecodeAheadFrom(int decodeAheadFrom) {
    IngestOptions options = new IngestOptions(this);
    options.decodeAheadFrom = (int) positive("batch size", decodeAheadFrom);
    return options;
  }

  /**
   * Returns these options with a number of deliveries to settle: the engine then hands the rest
   * back and ends.
   *
   * @param maxDeliveries 1 or more; {@link Long#MAX_VALUE} for no limit
   * @throws IllegalArgumentException when it is out of range
   */
  public IngestOptions withMaxDeliveries(long maxDeliveries) {
    IngestOptions options = new IngestOptions(this);
    options.maxDeliveries = positive("number of deliveries", maxDeliveries);
    return options;
  }

  /**
   * Returns these options with a silence after which the engine ends: the source is connected,
   * nothing is in hand, and nothing has arrived for that long.
   *
   * @param idleLimit 0 or more; null for no limit
   * @throws IllegalArgumentException when it is negative
   */
  public IngestOptions withIdleLimit(@Nullable Duration idleLimit) {
    IngestOptions options = new IngestOptions(this);
    options.idleLimit = idleLimit == null ? null : capped("idle limit", idleLimit);
    return options;
  }

  /**
   * Returns these options with the length of an outage of the store after which the engine ends
   * with a {@link GaveUpException}.
   *
   * @param storeDownLimit 0 or more; null for no limit
   * @throws IllegalArgumentException when it is negative
   */
  public IngestOptions withStoreDownLimit(@Nullable Duration storeDownLimit) {
    IngestOptions options = new IngestOptions(this);
    options.storeDownLimit =
        storeDownLimit == null ? null : capped("limit of an outage", storeDownLimit);
    return options;
  }

  /**
   * Returns these options with another stop time: how long a stop retries to write the batch in
   * hand before it is handed back.
   *
   * @param stopWithin 0 or more
   * @throws IllegalArgumentException when it is negative
   */
  public IngestOptions withStopWithin(Duration stopWithin) {
    IngestOptions options = new IngestOptions(this);
    options.stopWithin = capped("stop time", stopWithin);
    return options;
  }

  /**
   * Returns these options with other waits between retries while the store is down. The wait
   * doubles after each failure, and is jittered: it lasts from half of its length to all of it.
   *
   * @param first the wait after the first failure, 1 millisecond or more
   * @param longest the longest wait, {@code first} or more
   * @throws IllegalArgumentException when a wait is out of range
   */
  public IngestOptions withRetryWaits(Duration first, Duration longest) {
    if (first.compareTo(SHORTEST_RETRY_WAIT) < 0 || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "retry waits out of range: first "
              + first
              + ", longest "
              + longest
              + " (the first is 1 millisecond or more, the longest no shorter)");
    }
    IngestOptions options = new IngestOptions(this);
    options.firstRetryWait = capped("retry wait", first);
    options.longestRetryWait = capped("retry wait", longest);
    return options;
  }

  private static long positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " out of range: " + value + " (1 or more)");
    }
    return value;
  }

  private static Duration capped(String name, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(name + " out of range: " + duration + " (0 or more)");
    }
    return duration.compareTo(LONGEST) < 0 ? duration : LONGEST;
  }

  /** Returns the most deliveries in one batch. */
  public int maxBatch() {
    return maxBatch;
  }

  /** Returns the size of a batch from which on the next one is decoded while it is written. */
  public int decodeAheadFrom() {
    return decodeAheadFrom;
  }

  /** Returns the number of deliveries after which the engine ends. */
  public long maxDeliveries() {
    return maxDeliveries;
  }

  /** Returns the silence after which the engine ends; empty for no limit. */
  public Optional<Duration> idleLimit() {
    return Optional.ofNullable(idleLimit);
  }

  /** Returns the length of an outage after which the engine ends; empty for no limit. */
  public Optional<Duration> storeDownLimit() {
    return Optional.ofNullable(storeDownLimit);
  }

  /** Returns the stop time. */
  public Duration stopWithin() {
    return stopWithin;
  }

  /** Returns the wait after the first failure. */
  public Duration firstRetryWait() {
    return firstRetryWait;
  }

  /** Returns the longest wait between retries. */
  public Duration longestRetryWait() {
    return longestRetryWait;
  }
}
