package io.github.miniscan.cli.options;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
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

  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description = "Only these. An id may be cut to a beginning that no other one has.")
  private List<String> ids = List.of();

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "Only those with this reason: ${COMPLETION-CANDIDATES}.")
  private @Nullable Reason reason;

  @Option(
      names = "--older-than",
      paramLabel = "DURATION",
      converter = WaitConverter.class,
      description = "Only those received longer ago than that, as in 30d.")
  private @Nullable Duration olderThan;

  /** Returns whether nothing is given, so that all are meant. */
  public boolean isEmpty() {
    return ids.isEmpty() && reason == null && olderThan == null;
  }

  /**
   * Returns the dead letters that are meant; to be closed.
   *
   * @throws UserException when an id is not there, or is the beginning of several
   */
  public Stream<DeadLetter> select(DeadLetters letters) {
    Stream<DeadLetter> candidates =
        ids.isEmpty()
            ? letters.deadLetters()
            : ids.stream()
                .map(id -> DeadLetterId.complete(letters, id))
                .distinct()
                .map(letters::deadLetter)
                .flatMap(Optional::stream);
    @Nullable Instant before = olderThan == null ? null : Instant.now().minus(olderThan);
    return candidates
        .filter(letter -> reason == null || letter.reason() == reason)
        .filter(letter -> before == null || letter.receivedAt().isBefore(before));
  }
}
