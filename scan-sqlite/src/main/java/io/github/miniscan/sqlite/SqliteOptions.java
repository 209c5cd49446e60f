package io.github.miniscan.sqlite;

import java.time.Duration;

/**
 * How a {@link SqliteScanStore} uses its file. Immutable: each {@code with} method gives new
 * options.
 *
 * @param openWithin how long opening waits for a file that another program has locked
 * @param lockWait how long one write waits for such a file before it says that the store is down
 * @param cacheBytes how much of the file the writing connection keeps in memory, outside the heap
 */
public record SqliteOptions(Duration openWithin, Duration lockWait, long cacheBytes) {

  /**
   * @throws IllegalArgumentException when a wait is negative, or the cache is not positive
   */
  public SqliteOptions {
    if (openWithin.isNegative() || lockWait.isNegative()) {
      throw new IllegalArgumentException(
          "negative wait: open within " + openWithin + ", lock wait " + lockWait);
    }
    if (cacheBytes <= 0) {
      throw new IllegalArgumentException("cache out of range: " + cacheBytes + " (1 or more)");
    }
  }

  /** Opens within 30 seconds, waits 2 seconds for a lock, and keeps 64 MiB in memory. */
  public static SqliteOptions defaults() {
    return new SqliteOptions(Duration.ofSeconds(30), Duration.ofSeconds(2), 64L << 20);
  }

  public SqliteOptions withOpenWithin(Duration openWithin) {
    return new SqliteOptions(openWithin, lockWait, cacheBytes);
  }

  public SqliteOptions withLockWait(Duration lockWait) {
    return new SqliteOptions(openWithin, lockWait, cacheBytes);
  }

  public SqliteOptions withCacheBytes(long cacheBytes) {
    return new SqliteOptions(openWithin, lockWait, cacheBytes);
  }
}
