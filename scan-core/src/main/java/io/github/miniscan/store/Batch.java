package io.github.miniscan.store;

import io.github.miniscan.DeadLetter;
import java.util.List;

/**
 * What is made durable at once: everything that a group of deliveries became.
 *
 * <p>It holds what arrived, several records of one key and repetitions included; folding it to one
 * row a key is the store's affair.
 *
 * @param records in the order of arrival
 * @param deadLetters the messages that could not become records
 * @param replayed ids of dead letters that this batch puts an end to, because their record is among
 *     {@code records}; empty but in a replay
 * @param <R> the record type
 */
public record Batch<R>(
    List<Decoded<R>> records, List<DeadLetter> deadLetters, List<String> replayed) {

  public Batch {
    records = List.copyOf(records);
    deadLetters = List.copyOf(deadLetters);
    replayed = List.copyOf(replayed);
  }

  /** A batch of records and dead letters, none of them replayed. */
  public static <R> Batch<R> of(List<Decoded<R>> records, List<DeadLetter> deadLetters) {
    return new Batch<>(records, deadLetters, List.of());
  }
}
