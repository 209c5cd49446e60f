package io.github.miniscan.store;

import org.jspecify.annotations.Nullable;

/** The outcome of a batch's records; the two counts add up to the number of records. */
public final class WriteResult {

  private final int stored;
  private final int stale;

  private WriteResult(int stored, int stale) {
    this.stored = stored;
    this.stale = stale;
  }

  /**
   * Returns a result.
   *
   * @param stored how many records changed what is kept: a newer scan, or an earlier first sighting
   * @param stale how many changed nothing: superseded, or known; a store that cannot tell counts
   *     every record as stored
   * @throws IllegalArgumentException when a count is negative
   */
  public static WriteResult of(int stored, int stale) {
    if (stored < 0 || stale < 0) {
      throw new IllegalArgumentException("negative count: stored " + stored + ", stale " + stale);
    }
    return new WriteResult(stored, stale);
  }

  /** Returns how many records changed what is kept. */
  public int stored() {
    return stored;
  }

  /** Returns how many records changed nothing. */
  public int stale() {
    return stale;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof WriteResult other && stored == other.stored && stale == other.stale;
  }

  @Override
  public int hashCode() {
    return 31 * stored + stale;
  }

  @Override
  public String toString() {
    return "stored " + stored + ", stale " + stale;
  }
}
