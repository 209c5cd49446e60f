package io.github.miniscan.ingest;

import org.jspecify.annotations.Nullable;

/** The outcomes of deliveries: each delivery settled is counted in exactly one of them. */
public final class IngestCounts {

  /** No delivery at all. */
  public static final IngestCounts ZERO = IngestCounts.of(0, 0, 0);

  private final long stored;
  private final long stale;
  private final long deadLetters;

  private IngestCounts(long stored, long stale, long deadLetters) {
    this.stored = stored;
    this.stale = stale;
    this.deadLetters = deadLetters;
  }

  /** Returns counts, each 0 or more. */
  public static IngestCounts of(long stored, long stale, long deadLetters) {
    return new IngestCounts(stored, stale, deadLetters);
  }

  /** Returns how many changed the record: a newer scan, or an earlier first sighting. */
  public long stored() {
    return stored;
  }

  /** Returns how many changed nothing: superseded, or known. */
  public long stale() {
    return stale;
  }

  /** Returns how many could not become a record, and are kept as dead letters. */
  public long deadLetters() {
    return deadLetters;
  }

  /** Returns how many deliveries were settled: written durably, and acked. */
  public long settled() {
    return stored + stale + deadLetters;
  }

  /** Returns the sum of both. */
  public IngestCounts plus(IngestCounts other) {
    return of(stored + other.stored, stale + other.stale, deadLetters + other.deadLetters);
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof IngestCounts other
        && stored == other.stored
        && stale == other.stale
        && deadLetters == other.deadLetters;
  }

  @Override
  public int hashCode() {
    return Long.hashCode((stored * 31 + stale) * 31 + deadLetters);
  }

  @Override
  public String toString() {
    return "stored " + stored + ", stale " + stale + ", dead letters " + deadLetters;
  }
}
