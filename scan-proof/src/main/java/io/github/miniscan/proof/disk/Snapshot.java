package io.github.miniscan.proof.disk;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that a store holds, to be compared with what it must hold.
 *
 * @param records in the order of their keys
 * @param letters in the order of their arrival, each with all that is kept of it, as text
 */
record Snapshot(List<ScanRecord> records, List<String> letters) {

  static final Snapshot EMPTY = new Snapshot(List.of(), List.of());

  static Snapshot of(ScanStore store) {
    try (Stream<ScanRecord> records = store.find(ScanQuery.all());
        Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return new Snapshot(records.toList(), letters.map(Snapshot::text).toList());
    }
  }

  private static String text(DeadLetter letter) {
    Message message = letter.message();
    return String.join(
        " ",
        letter.id(),
        letter.reason().code(),
        letter.detail(),
        message.id(),
        message.publishTime().toString(),
        letter.receivedAt().toString(),
        new TreeMap<>(message.attributes()).toString(),
        HexFormat.of().formatHex(message.payload()));
  }

  /** How this differs from what it must be, in a few words. */
  String differenceFrom(Snapshot expected) {
    return "%d records and %d dead letters, of which %d and %d must not be so; %d and %d are missing"
        .formatted(
            records.size(),
            letters.size(),
            countOnlyIn(records, expected.records),
            countOnlyIn(letters, expected.letters),
            countOnlyIn(expected.records, records),
            countOnlyIn(expected.letters, letters));
  }

  private static <T> long countOnlyIn(List<T> these, List<T> those) {
    Set<T> others = new HashSet<>(those);
    return these.stream().filter(each -> !others.contains(each)).count();
  }
}
