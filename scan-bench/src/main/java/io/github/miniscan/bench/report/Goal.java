package io.github.miniscan.bench.report;

import java.util.Optional;

/**
 * A goal and what was measured.
 *
 * @param what what is compared with what
 * @param limit the bound
 * @param atLeast whether the measured value must reach the limit, or must not exceed it
 * @param unit of the limit and what was measured; empty for a ratio
 * @param measured empty where it could not be measured
 */
public record Goal(
    String what, double limit, boolean atLeast, String unit, Optional<Spread> measured) {

  /** A goal that is met by a median of so much or more. */
  public static Goal atLeast(double limit, String what, Optional<Spread> measured) {
    return new Goal(what, limit, true, "", measured);
  }

  /** A goal that is met by a median of so much or less. */
  public static Goal atMost(double limit, String unit, String what, Optional<Spread> measured) {
    return new Goal(what, limit, false, unit, measured);
  }

  /** Whether the median meets the goal; empty where nothing was measured. */
  public Optional<Boolean> isMet() {
    return measured.map(spread -> atLeast ? spread.median() >= limit : spread.median() <= limit);
  }

  /** The goal in words, as in {@code at least 0.9}. */
  public String bound() {
    return (atLeast ? "at least " : "at most ") + Figures.plain(limit) + suffix();
  }

  /** The median with its unit, or a dash. */
  public String median() {
    return measured.map(spread -> Figures.rounded(spread.median()) + suffix()).orElse("–");
  }

  /** The least and the greatest, or a dash. */
  public String range() {
    return measured.map(Figures::range).orElse("–");
  }

  private String suffix() {
    return unit.isEmpty() ? "" : " " + unit;
  }
}
