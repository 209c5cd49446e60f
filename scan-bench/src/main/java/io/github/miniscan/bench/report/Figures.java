package io.github.miniscan.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;

/** Numbers as people read them. */
public final class Figures {

  private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);
  private static final double GROUPED = 1_000;

  private Figures() {}

  /** A number in three significant digits, or in whole thousands with separators. */
  public static String rounded(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "–";
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(THREE_DIGITS);
    return Math.abs(value) >= GROUPED
        ? String.format(Locale.ROOT, "%,d", rounded.longValue())
        : rounded.toPlainString();
  }

  /** A number as short as it can be written. */
  static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** From the least to the greatest. */
  public static String range(Spread spread) {
    return rounded(spread.min()) + "–" + rounded(spread.max());
  }

  /** A median and its range, or a dash where there is none. */
  public static String cell(Optional<Spread> spread) {
    return spread
        .map(
            s -> s.count() == 1 ? rounded(s.median()) : rounded(s.median()) + " (" + range(s) + ")")
        .orElse("–");
  }
}
