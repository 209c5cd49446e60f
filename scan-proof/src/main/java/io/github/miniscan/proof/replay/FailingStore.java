package io.github.miniscan.proof.replay;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.DeadLetters;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.WriteResult;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A store that fails by chance, before a call or after it, as one that a process has left: a call
 * later than that fails too. Now and then it refuses a record.
 */
final class FailingStore implements BatchWriter<ScanRecord>, DeadLetters {

  private static final double FAILS_BEFORE = 0.1;
  private static final double FAILS_AFTER = 0.1;
  private static final double REFUSES = 0.2;

  private final InMemoryScanStore store;
  private final Random random;
  private final Runnable check;
  private boolean down;
  private long refusals;

  /**
   * @param check what must hold whenever a call is over
   */
  FailingStore(InMemoryScanStore store, Random random, Runnable check) {
    this.store = store;
    this.random = random;
    this.check = check;
  }

  /** How often a record was refused. */
  long refusals() {
    return refusals;
  }

  private <T> T perhaps(Supplier<T> call) {
    double luck = random.nextDouble();
    down |= luck < FAILS_BEFORE;
    if (down) {
      throw new StoreException("down before the call");
    }
    T result = call.get();
    check.run();
    if (luck < FAILS_BEFORE + FAILS_AFTER) {
      down = true;
      throw new StoreException("down after the call");
    }
    return result;
  }

  @Override
  public WriteResult write(Batch<ScanRecord> batch) {
    if (!down && random.nextDouble() < REFUSES) {
      refusals++;
      throw new RecordRefusedException("refused", new IllegalStateException());
    }
    return perhaps(() -> store.write(batch));
  }

  @Override
  public void updateReason(String id, Reason reason, String detail) {
    perhaps(
        () -> {
          store.updateReason(id, reason, detail);
          return id;
        });
  }

  @Override
  public long removeDeadLetters(DeadLetterQuery query) {
    return perhaps(() -> store.removeDeadLetters(query));
  }

  @Override
  public Stream<DeadLetter> findDeadLetters(DeadLetterQuery query) {
    return store.findDeadLetters(query);
  }
}
