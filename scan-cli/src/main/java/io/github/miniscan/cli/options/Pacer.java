package io.github.miniscan.cli.options;

import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A steady pace, which is caught up with after a delay. Not safe for use by several threads. */
public final class Pacer {

  private static final double FASTEST = 1e9;

  private final double perSecond;
  private final long start = System.nanoTime();

  private Pacer(double perSecond) {
    this.perSecond = perSecond;
  }

  /** So many a second; 0 is as fast as possible. */
  public static Pacer ofRate(CommandLine command, double perSecond) {
    if (!(perSecond >= 0 && perSecond <= FASTEST)) {
      throw new ParameterException(
          command, "--rate out of range: " + perSecond + " (0 or more a second)");
    }
    return new Pacer(perSecond);
  }

  /** How long to wait for the turn of the one after {@code done} others; 0 when it has come. */
  public long nanosUntil(long done) {
    if (perSecond == 0) {
      return 0;
    }
    // A rate that is next to nothing gives the largest number there is: nothing is added to it.
    long due = (long) (done / perSecond * Duration.ofSeconds(1).toNanos());
    return Math.max(0, due - (System.nanoTime() - start));
  }
}
