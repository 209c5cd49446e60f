package io.github.miniscan.sqlite;

import java.time.Duration;
import java.util.Objects;

/**
 * The options of a {@link SqliteScanStore}. Immutable: each {@code with} method returns new
 * options.
 */
public final class SqliteOptions {

  /** SQLite counts its cache in KiB, as an {@code int}. */
  private static final long MOST_CACHE_BYTES = (long) Integer.MAX_VALUE << 10;

  private static final SqliteOptions DEFAULTS =
      new SqliteOptions(Duration.ofSeconds(30), Duration.ofSeconds(2), 64L << 20);

  private final Duration openWithin;
  private final Duration lockWait;
  private final long cacheBytes;

  private SqliteOptions(Duration openWithin, Duration lockWait, long cacheBytes) {
    this.openWithin = openWithin;
    this.lockWait = lockWait;
    this.cacheBytes = cacheBytes;
  }

  /** Returns the defaults: opens within 30 seconds, waits 2 seconds for a lock, caches 64 MiB. */
  public static SqliteOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets how long opening waits for a file that another program has locked; zero tries once.
   *
   * @throws IllegalArgumentException when the wait is negative
   */
  public SqliteOptions withOpenWithin(Duration openWithin) {
    return new SqliteOptions(checked("open within", openWithin), lockWait, cacheBytes);
  }

  /**
   * Sets how long one write waits for a file that another program has locked, before it says that
   * the store is down; zero tries once.
   *
   * @throws IllegalArgumentException when the wait is negative
   */
  public SqliteOptions withLockWait(Duration lockWait) {
    return new SqliteOptions(openWithin, checked("lock wait", lockWait), cacheBytes);
  }

  /**
   * Sets how many bytes of the file the writing connection keeps in memory, outside the heap.
   *
   * @throws IllegalArgumentException unless the number is from 1 to 2 TiB
   */
  public SqliteOptions withCacheBytes(long cacheBytes) {
    if (cacheBytes < 1 || cacheBytes > MOST_CACHE_BYTES) {
      throw new IllegalArgumentException(
          "cache out of range: " + cacheBytes + " (1 to " + MOST_CACHE_BYTES + ")");
    }
    return new SqliteOptions(openWithin, lockWait, cacheBytes);
  }

  private static Duration checked(String name, Duration wait) {
    Objects.requireNonNull(wait, name);
    if (wait.isNegative()) {
      throw new IllegalArgumentException("negative " + name + ": " + wait + " (0 or more)");
    }
    return wait;
  }

  /** Returns how long opening waits for a file that another program has locked. */
  public Duration openWithin() {
    return openWithin;
  }

  /** Returns how long one write waits for a file that another program has locked. */
  public Duration lockWait() {
    return lockWait;
  }

  /** Returns how many bytes of the file the writing connection keeps in memory. */
  public long cacheBytes() {
    return cacheBytes;
  }
}
