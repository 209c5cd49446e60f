package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.cli.ProgramUnderTest.Result;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line of JSON with which {@code consume} ends. */
record Counts(long settled, long stored, long stale, long deadLetters) {

  static final Counts ZERO = new Counts(0, 0, 0, 0);

  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"settled\":(\\d+),\"stored\":(\\d+),\"stale\":(\\d+),\"dead_letters\":(\\d+)}\n");

  /** The line, which must be all that standard output has, and must add up. */
  static Counts of(Result result) {
    Matcher line = LINE.matcher(result.out());
    assertThat(line.matches()).as("a line of counts, and no more: %s", result).isTrue();
    Counts counts =
        new Counts(
            Long.parseLong(line.group(1)),
            Long.parseLong(line.group(2)),
            Long.parseLong(line.group(3)),
            Long.parseLong(line.group(4)));
    assertThat(counts.stored() + counts.stale() + counts.deadLetters()).isEqualTo(counts.settled());
    return counts;
  }

  Counts plus(Counts other) {
    return new Counts(
        settled + other.settled,
        stored + other.stored,
        stale + other.stale,
        deadLetters + other.deadLetters);
  }
}
