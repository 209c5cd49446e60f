package io.github.miniscan.store;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A store in memory: for tests, and for services that need no more. It keeps the promises of a
 * {@link ScanStore}, except that nothing outlives the object: closing it drops everything.
 */
public final class InMemoryScanStore implements ScanStore {

  private static final Comparator<DeadLetter> BY_ARRIVAL =
      Comparator.comparing(DeadLetter::receivedAt).thenComparing(DeadLetter::id);

  private final NavigableMap<ScanKey, ScanRecord> records = new TreeMap<>();
  private final NavigableMap<String, DeadLetter> letters = new TreeMap<>();
  private boolean closed;

  @Override
  public synchronized WriteResult write(Batch<ScanRecord> batch) {
    requireOpen();
    int stored = 0;
    for (Decoded<ScanRecord> decoded : batch.records()) {
      if (upsert(decoded.record())) {
        stored++;
      }
    }
    batch.deadLetters().forEach(letter -> letters.putIfAbsent(letter.id(), letter));
    batch.replayed().forEach(letters::remove);
    return WriteResult.of(stored, batch.records().size() - stored);
  }

  private boolean upsert(ScanRecord scan) {
    ScanRecord known = records.get(scan.key());
    ScanRecord merged = known == null ? scan : known.merge(scan);
    if (merged.equals(known)) {
      return false;
    }
    records.put(scan.key(), merged);
    return true;
  }

  @Override
  public synchronized Stream<ScanRecord> find(ScanQuery query) {
    requireOpen();
    return query.answer(List.copyOf(records.values()).stream());
  }

  @Override
  public synchronized Stream<DeadLetter> findDeadLetters(DeadLetterQuery query) {
    requireOpen();
    return letters.values().stream()
        .filter(query::matches)
        .sorted(BY_ARRIVAL)
        .limit(query.limit())
        .toList()
        .stream();
  }

  @Override
  public synchronized void updateReason(String id, Reason reason, String detail) {
    requireOpen();
    letters.computeIfPresent(
        id,
        (same, letter) ->
            new DeadLetter(same, reason, detail, letter.message(), letter.receivedAt()));
  }

  @Override
  public synchronized long removeDeadLetters(DeadLetterQuery query) {
    List<DeadLetter> removed = findDeadLetters(query).toList();
    removed.forEach(letter -> letters.remove(letter.id()));
    return removed.size();
  }

  private void requireOpen() {
    if (closed) {
      throw new UnusableStoreException("the store in memory is closed: open another one");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    records.clear();
    letters.clear();
  }
}
