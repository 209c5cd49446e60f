package io.github.miniscan.cli.options;

import io.github.miniscan.Reason;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.DeadLetters;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

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
      converter = ReasonConverter.class,
      completionCandidates = ReasonsOfScans.class,
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
   * Returns the query for the dead letters that are meant.
   *
   * @throws UserException when an id is not there, or is the beginning of several
   */
  public DeadLetterQuery query(DeadLetters letters) {
    DeadLetterQuery query = DeadLetterQuery.all();
    if (!ids.isEmpty()) {
      query = query.withIds(ids.stream().map(id -> DeadLetterId.complete(letters, id)).toList());
    }
    if (reason != null) {
      query = query.withReasons(List.of(reason));
    }
    return olderThan == null ? query : query.withReceivedBefore(Instant.now().minus(olderThan));
  }

  private static final class ReasonConverter implements ITypeConverter<Reason> {
    @Override
    public Reason convert(String value) {
      try {
        return new Reason(value.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Any other code is taken too: a store may hold dead letters of another record type. */
  private static final class ReasonsOfScans implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Reason.OF_SCANS.stream().map(Reason::code).iterator();
    }
  }
}
