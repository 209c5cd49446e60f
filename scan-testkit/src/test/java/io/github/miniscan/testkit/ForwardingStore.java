package io.github.miniscan.testkit;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.WriteResult;
import java.util.stream.Stream;

/** A store that is right, for others to do one thing otherwise. */
class ForwardingStore implements ScanStore {

  final ScanStore store;

  ForwardingStore() {
    this(new InMemoryScanStore());
  }

  ForwardingStore(ScanStore store) {
    this.store = store;
  }

  @Override
  public WriteResult write(Batch<ScanRecord> batch) {
    return store.write(batch);
  }

  @Override
  public Stream<ScanRecord> find(ScanQuery query) {
    return store.find(query);
  }

  @Override
  public Stream<DeadLetter> findDeadLetters(DeadLetterQuery query) {
    return store.findDeadLetters(query);
  }

  @Override
  public void updateReason(String id, Reason reason, String detail) {
    store.updateReason(id, reason, detail);
  }

  @Override
  public long removeDeadLetters(DeadLetterQuery query) {
    return store.removeDeadLetters(query);
  }

  @Override
  public void close() {
    store.close();
  }
}
