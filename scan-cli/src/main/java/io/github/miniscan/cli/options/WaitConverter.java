package io.github.miniscan.cli.options;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/**
 * Reads a duration that a clock counts. One of more than a hundred years is taken for a hundred:
 * nobody sees the difference, and no clock in nanoseconds overflows.
 */
public final class WaitConverter implements ITypeConverter<Duration> {

  private static final Duration LONGEST = Duration.ofDays(36_525);

  private final DurationConverter exact = new DurationConverter();

  @Override
  public Duration convert(String value) {
    Duration duration = exact.convert(value);
    return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
  }
}
