package io.github.miniscan.ingest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an engine runs. Immutable: each {@code with} method gives new options.
 *
 * @param maxBatch the most deliveries in one batch, 1 or more
 * @param maxDeliveries settle this many, hand back the rest and end; {@link Long#MAX_VALUE} for no
 *     end
 * @param idleLimit end when connected, with nothing in hand, and nothing arrived for that long;
 *     null for no end
 * @param storeDownLimit end with {@link GaveUpException} when the store was down that long; null
 *     for no end
 * @param stopWithin how long a stop may try to write the batch in hand
 * @param firstRetryWait the wait after a store's first failure; it doubles each time
 * @param longestRetryWait the cap of that
 */
public record IngestOptions(
    int maxBatch,
    long maxDeliveries,
    @Nullable Duration idleLimit,
    @Nullable Duration storeDownLimit,
    Duration stopWithin,
    Duration firstRetryWait,
    Duration longestRetryWait) {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  /**
   * @throws IllegalArgumentException when a limit is out of its range
   */
  public IngestOptions {
    if (maxBatch < 1 || maxDeliveries < 1) {
      throw new IllegalArgumentException(
          "limit out of range: " + Math.min(maxBatch, maxDeliveries) + " (1 or more)");
    }
    idleLimit = idleLimit == null ? null : capped(idleLimit);
    storeDownLimit = storeDownLimit == null ? null : capped(storeDownLimit);
    stopWithin = capped(stopWithin);
  }

  /** What is longer has no form in nanoseconds, and nobody waits for it. */
  private static Duration capped(Duration duration) {
    return duration.compareTo(LONGEST) < 0 ? duration : LONGEST;
  }

  /** Runs without end, in batches of at most 50,000. */
  public static IngestOptions defaults() {
    return new IngestOptions(
        50_000,
        Long.MAX_VALUE,
        null,
        null,
        Duration.ofSeconds(8),
        Duration.ofMillis(50),
        Duration.ofSeconds(5));
  }

  public IngestOptions withMaxBatch(int maxBatch) {
    return new IngestOptions(
        maxBatch,
        maxDeliveries,
        idleLimit,
        storeDownLimit,
        stopWithin,
        firstRetryWait,
        longestRetryWait);
  }

  public IngestOptions withMaxDeliveries(long maxDeliveries) {
    return new IngestOptions(
        maxBatch,
        maxDeliveries,
        idleLimit,
        storeDownLimit,
        stopWithin,
        firstRetryWait,
        longestRetryWait);
  }

  public IngestOptions withIdleLimit(Duration idleLimit) {
    return new IngestOptions(
        maxBatch,
        maxDeliveries,
        idleLimit,
        storeDownLimit,
        stopWithin,
        firstRetryWait,
        longestRetryWait);
  }

  public IngestOptions withStoreDownLimit(Duration storeDownLimit) {
    return new IngestOptions(
        maxBatch,
        maxDeliveries,
        idleLimit,
        storeDownLimit,
        stopWithin,
        firstRetryWait,
        longestRetryWait);
  }

  public IngestOptions withStopWithin(Duration stopWithin) {
    return new IngestOptions(
        maxBatch,
        maxDeliveries,
        idleLimit,
        storeDownLimit,
        stopWithin,
        firstRetryWait,
        longestRetryWait);
  }

  /** The waits between tries while the store is down, jittered by up to a half of each. */
  public IngestOptions withRetryWaits(Duration first, Duration longest) {
    return new IngestOptions(
        maxBatch, maxDeliveries, idleLimit, storeDownLimit, stopWithin, first, longest);
  }
}
