package io.github.miniscan.store;

import static java.util.Objects.requireNonNull;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question to {@link DeadLetters}: which dead letters, and how many. A dead letter matches when
 * everything that is given holds.
 *
 * <p>Immutable: each {@code with} method returns a new query, in which it replaces its part.
 */
public final class DeadLetterQuery {

  private static final DeadLetterQuery ALL =
      new DeadLetterQuery(null, "", null, Instant.MIN, Instant.MAX, Long.MAX_VALUE);

  private final @Nullable Set<String> ids;
  private final String idPrefix;
  private final @Nullable Set<Reason> reasons;
  private final Instant receivedSince;
  private final Instant receivedBefore;
  private final long limit;

  private DeadLetterQuery(
      @Nullable Set<String> ids,
      String idPrefix,
      @Nullable Set<Reason> reasons,
      Instant receivedSince,
      Instant receivedBefore,
      long limit) {
    this.ids = ids;
    this.idPrefix = requireNonNull(idPrefix, "idPrefix");
    this.reasons = reasons;
    this.receivedSince = requireNonNull(receivedSince, "receivedSince");
    this.receivedBefore = requireNonNull(receivedBefore, "receivedBefore");
    this.limit = limit;
  }

  /** Returns the query for every dead letter. */
  public static DeadLetterQuery all() {
    return ALL;
  }

  /** Returns this query, for the dead letters with these ids. */
  public DeadLetterQuery withIds(Collection<String> ids) {
    return new DeadLetterQuery(
        Set.copyOf(ids), idPrefix, reasons, receivedSince, receivedBefore, limit);
  }

  /** Returns this query, for the dead letters whose ids begin so. */
  public DeadLetterQuery withIdPrefix(String prefix) {
    return new DeadLetterQuery(ids, prefix, reasons, receivedSince, receivedBefore, limit);
  }

  /** Returns this query, for the dead letters with any of these reasons. */
  public DeadLetterQuery withReasons(Collection<Reason> reasons) {
    return new DeadLetterQuery(
        ids, idPrefix, Set.copyOf(reasons), receivedSince, receivedBefore, limit);
  }

  /** Returns this query, for the dead letters received at this time or later. */
  public DeadLetterQuery withReceivedSince(Instant time) {
    return new DeadLetterQuery(ids, idPrefix, reasons, time, receivedBefore, limit);
  }

  /** Returns this query, for the dead letters received before this time. */
  public DeadLetterQuery withReceivedBefore(Instant time) {
    return new DeadLetterQuery(ids, idPrefix, reasons, receivedSince, time, limit);
  }

  /**
   * Returns this query for at most this many dead letters, the first received.
   *
   * @throws IllegalArgumentException when the limit is negative
   */
  public DeadLetterQuery withLimit(long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit out of range: " + limit + " (0 or more)");
    }
    return new DeadLetterQuery(ids, idPrefix, reasons, receivedSince, receivedBefore, limit);
  }

  /** Returns the ids; empty where any id matches. */
  public Optional<Set<String>> ids() {
    return Optional.ofNullable(ids);
  }

  /** Returns the beginning of the ids; empty text where any id matches. */
  public String idPrefix() {
    return idPrefix;
  }

  /** Returns the reasons; empty where any reason matches. */
  public Optional<Set<Reason>> reasons() {
    return Optional.ofNullable(reasons);
  }

  /** Returns the time from which on dead letters match, included. */
  public Instant receivedSince() {
    return receivedSince;
  }

  /** Returns the time up to which dead letters match, excluded. */
  public Instant receivedBefore() {
    return receivedBefore;
  }

  /** Returns the most dead letters to answer; {@link Long#MAX_VALUE} for no limit. */
  public long limit() {
    return limit;
  }

  /** Returns whether a dead letter matches, the limit aside. */
  public boolean matches(DeadLetter letter) {
    return (ids == null || ids.contains(letter.id()))
        && letter.id().startsWith(idPrefix)
        && (reasons == null || reasons.contains(letter.reason()))
        && !letter.receivedAt().isBefore(receivedSince)
        && letter.receivedAt().isBefore(receivedBefore);
  }
}
