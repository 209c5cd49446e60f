package io.github.miniscan;

import static java.util.Objects.requireNonNull;

/**
 * The fact that is kept of each {@link ScanKey}: when it was scanned, and what it answered.
 *
 * <p>A decoded scan is a record with {@code firstScanned = lastScanned}. {@link #merge} makes one
 * of two, so that the final record depends on the <em>set</em> of scans alone: neither on their
 * order, nor on repetitions, nor on how they were split into batches.
 *
 * @param key which service
 * @param firstScanned the earliest scan, in whole seconds since the epoch, 0 to 2^63-1
 * @param lastScanned the latest scan, in whole seconds since the epoch, {@code firstScanned} to
 *     2^63-1
 * @param response what the service answered to the latest scan; of several within that second, the
 *     greatest as unsigned bytes
 */
public record ScanRecord(ScanKey key, long firstScanned, long lastScanned, Response response) {

  /**
   * Creates a record.
   *
   * @throws IllegalArgumentException when a time is negative, or the first after the last
   */
  public ScanRecord {
    requireNonNull(key, "key");
    requireNonNull(response, "response");
    if (firstScanned < 0) {
      throw new IllegalArgumentException("first scanned before the epoch: " + firstScanned);
    }
    if (firstScanned > lastScanned) {
      throw new IllegalArgumentException(
          "first scanned " + firstScanned + " after last scanned " + lastScanned);
    }
  }

  /** Returns one scan as a record. */
  public static ScanRecord ofScan(ScanKey key, long scannedAt, Response response) {
    return new ScanRecord(key, scannedAt, scannedAt, response);
  }

  /**
   * Returns the record of both: the least {@code firstScanned}, and the greatest ({@code
   * lastScanned}, response). Associative, commutative and idempotent.
   *
   * @throws IllegalArgumentException when the keys differ
   */
  public ScanRecord merge(ScanRecord other) {
    if (!key.equals(other.key)) {
      throw new IllegalArgumentException("cannot merge " + key + " with " + other.key);
    }
    ScanRecord later = compareLatest(other) >= 0 ? this : other;
    long first = Math.min(firstScanned, other.firstScanned);
    return first == later.firstScanned
        ? later
        : new ScanRecord(key, first, later.lastScanned, later.response);
  }

  private int compareLatest(ScanRecord other) {
    int byTime = Long.compare(lastScanned, other.lastScanned);
    return byTime != 0 ? byTime : response.compareTo(other.response);
  }
}
