package io.github.miniscan.store;

import io.github.miniscan.DeadLetter;
import java.util.List;

/**
 * The group that is made durable at once: everything that some deliveries became.
 *
 * <p>It holds what arrived, several records of one key and repetitions included. Folding it to one
 * row for each key is the store's affair; see {@link OnePerKey}. Immutable.
 *
 * @param <R> the record type
 */
public final class Batch<R> {

  private final List<Decoded<R>> records;
  private final List<DeadLetter> deadLetters;
  private final List<String> replayed;

  private Batch(List<Decoded<R>> records, List<DeadLetter> deadLetters, List<String> replayed) {
    this.records = records;
    this.deadLetters = deadLetters;
    this.replayed = replayed;
  }

  /**
   * Returns a batch of records and dead letters, none of them replayed.
   *
   * @param records in the order of arrival
   * @param deadLetters the messages that could not become records
   */
  public static <R> Batch<R> of(List<Decoded<R>> records, List<DeadLetter> deadLetters) {
    return new Batch<>(List.copyOf(records), List.copyOf(deadLetters), List.of());
  }

  /**
   * Returns this batch, which also removes the dead letters with these ids, since their records are
   * among {@link #records}.
   */
  public Batch<R> withReplayed(List<String> ids) {
    return new Batch<>(records, deadLetters, List.copyOf(ids));
  }

  /** Returns the records in the order of arrival. */
  public List<Decoded<R>> records() {
    return records;
  }

  /** Returns the messages that could not become records. */
  public List<DeadLetter> deadLetters() {
    return deadLetters;
  }

  /** Returns the ids of the dead letters to remove; empty except in a replay. */
  public List<String> replayed() {
    return replayed;
  }

  /** Returns whether there is nothing to write. */
  public boolean isEmpty() {
    return records.isEmpty() && deadLetters.isEmpty() && replayed.isEmpty();
  }
}
