package io.github.miniscan.bench.report;

/** Quantiles of sorted values. */
public final class Quantiles {

  private Quantiles() {}

  /**
   * The value below which this share lies, between the two nearest in proportion.
   *
   * @param sorted in ascending order
   * @param share 0 for the least value, 1 for the greatest
   * @throws IllegalArgumentException when there is no value, or the share is not 0 to 1
   */
  public static double of(double[] sorted, double share) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share out of range: " + share + " (0 to 1)");
    }
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
