package io.github.miniscan.store;

/**
 * What became of the records of a batch; the two add up to their number.
 *
 * @param stored how many changed what is kept: a newer scan, or an earlier first sighting
 * @param stale how many changed nothing: superseded, or known; a store that can not tell says
 *     stored
 */
public record WriteResult(int stored, int stale) {

  public WriteResult {
    if (stored < 0 || stale < 0) {
      throw new IllegalArgumentException("negative count: stored " + stored + ", stale " + stale);
    }
  }
}
