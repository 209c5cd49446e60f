package io.github.miniscan.ingest;

/**
 * What became of deliveries: each one settled is counted in exactly one of the three others.
 *
 * @param stored it changed the record: a newer scan, or an earlier first sighting
 * @param stale it changed nothing: superseded, or known
 * @param deadLetters it could not become a record, and is kept as a dead letter
 */
public record IngestCounts(long stored, long stale, long deadLetters) {

  /** Nothing yet. */
  public static final IngestCounts ZERO = new IngestCounts(0, 0, 0);

  /** How many deliveries were settled: written durably, and acked. */
  public long settled() {
    return stored + stale + deadLetters;
  }

  /** The sum of both. */
  public IngestCounts plus(IngestCounts other) {
    return new IngestCounts(
        stored + other.stored, stale + other.stale, deadLetters + other.deadLetters);
  }
}
