package io.github.miniscan.cli.options;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.DeadLetters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which dead letters are meant: all, unless something is given. */
public final class DeadLetterFilter {

  @Parameters(paramLabel = "ID", arity = "0..*", description = "Only these; default: all.")
  private List<String> ids = List.of();

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "Only those with this reason: MALFORMED_JSON and so on.")
  private @Nullable Reason reason;

  @Option(
      names = "--older-than",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Only those received longer ago than that, as in 30d.")
  private @Nullable Duration olderThan;

  /** The dead letters that are meant; to be closed. */
  public Stream<DeadLetter> select(DeadLetters letters) {
    Stream<DeadLetter> candidates =
        ids.isEmpty()
            ? letters.findDeadLetters(DeadLetterQuery.all())
            : ids.stream().distinct().map(letters::findDeadLetter).flatMap(Optional::stream);
    @Nullable Instant before = olderThan == null ? null : Instant.now().minus(olderThan);
    return candidates
        .filter(letter -> reason == null || letter.reason().equals(reason))
        .filter(letter -> before == null || letter.receivedAt().isBefore(before));
  }
}
