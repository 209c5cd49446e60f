package io.github.miniscan.bench.report;

import java.util.Arrays;
import java.util.Collection;

/**
 * What several runs gave.
 *
 * @param median the middle one, or between the two in the middle
 */
public record Spread(double median, double min, double max, int count) {

  /**
   * Of some values.
   *
   * @throws IllegalArgumentException when there are none
   */
  public static Spread of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Spread(
        Quantiles.of(sorted, 0.5), Quantiles.of(sorted, 0), Quantiles.of(sorted, 1), sorted.length);
  }

  /** Of some values, as {@link #of(Collection)}. */
  public static Spread of(double... values) {
    return of(Arrays.stream(values).boxed().toList());
  }
}
