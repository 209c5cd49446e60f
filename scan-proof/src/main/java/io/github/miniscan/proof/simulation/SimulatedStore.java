package io.github.miniscan.proof.simulation;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.UnusableStoreException;
import io.github.miniscan.store.WriteResult;
import java.time.Duration;
import java.util.List;

/**
 * A store that outlives the engines, and fails in each way that a {@code BatchWriter} may: before
 * the commit, after it, with any part of the batch committed, for a while, or after a long time.
 * What is durable is the project's own {@link InMemoryScanStore}.
 */
final class SimulatedStore {

  private static final int LONGEST_WRITE_MILLIS = 8_000;
  private static final int LONGEST_OUTAGE_MILLIS = 90_000;

  private final World world;
  private final InMemoryScanStore durable;
  private final Refusal refusal;
  private long downUntil;

  SimulatedStore(World world, InMemoryScanStore durable, Refusal refusal) {
    this.world = world;
    this.durable = durable;
    this.refusal = refusal;
  }

  /** As an engine's writer. */
  WriteResult write(Replica by, Batch<ScanRecord> batch) {
    by.watch().writes(batch);
    world.trace(
        by,
        () ->
            "writes %d records and %d dead letters"
                .formatted(batch.records().size(), batch.deadLetters().size()));
    by.point();
    pass(by);
    if (world.now() < downUntil) {
      throw failed(by, "still down");
    }
    if (world.strikes(Fault.OUTAGE)) {
      downUntil =
          world.now() + Duration.ofMillis(world.chance().below(LONGEST_OUTAGE_MILLIS)).toNanos();
      throw failed(by, "down for a while");
    }
    if (world.strikes(Fault.FAILED_BEFORE_COMMIT)) {
      throw failed(by, "failed before the commit");
    }
    if (world.strikes(Fault.UNUSABLE_STORE)) {
      throw by.watch().ends(new UnusableStoreException("a newer version has taken the store over"));
    }
    if (world.strikes(Fault.HALF_COMMIT)) {
      commitHalf(by, batch);
      throw failed(by, "failed with half a commit");
    }
    if (batch.records().stream().anyMatch(decoded -> refusal.refuses(decoded.record()))) {
      return refuse(by, batch);
    }
    WriteResult result = commit(by, batch);
    by.point();
    pass(by);
    if (world.strikes(Fault.FAILED_AFTER_COMMIT)) {
      throw failed(by, "failed after the commit");
    }
    by.watch().wrote();
    return result;
  }

  private void pass(Replica by) {
    if (world.strikes(Fault.SLOW_WRITE)) {
      by.watch()
          .passInStore(Duration.ofMillis(world.chance().below(LONGEST_WRITE_MILLIS)).toNanos());
    }
  }

  private WriteResult commit(Replica by, Batch<ScanRecord> batch) {
    WriteResult result = durable.write(batch);
    world.ledger().committed();
    world.trace(by, () -> "commits");
    return result;
  }

  /** Any part of a batch may be written when a write fails. */
  private void commitHalf(Replica by, Batch<ScanRecord> batch) {
    List<Decoded<ScanRecord>> records =
        batch.records().stream()
            .filter(decoded -> !refusal.refuses(decoded.record()) && world.chance().onceIn(2))
            .toList();
    List<DeadLetter> letters =
        batch.deadLetters().stream().filter(letter -> world.chance().onceIn(2)).toList();
    commit(by, Batch.of(records, letters));
    by.point();
  }

  private WriteResult refuse(Replica by, Batch<ScanRecord> batch) {
    if (world.chance().onceIn(4)) {
      commitHalf(by, batch);
    }
    world.trace(by, () -> "is refused a record");
    by.watch().refused();
    throw new RecordRefusedException(
        "too \u001b[31m odd for this store", new Failure("no room for it"));
  }

  private StoreException failed(Replica by, String how) {
    world.trace(by, () -> "cannot write: " + how);
    by.watch().failed();
    return new Failure(how);
  }

  /** Many are thrown, and no stack is looked at. */
  private static final class Failure extends StoreException {
    private static final long serialVersionUID = 1;

    Failure(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
