package io.github.miniscan.ingest;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.VisibleText;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.UnusableStoreException;
import io.github.miniscan.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch until it is durable: waits for a store that is down, and isolates a record that
 * the store refuses.
 */
final class PersistentWriter<R> {

  private final BatchWriter<R> writer;
  private final Function<Rejection, DeadLetter> deadLetters;
  private final IngestOptions options;
  private final IngestListener listener;
  private final IngestClock clock;
  private final RandomGenerator jitter;
  private final StopSignal stop;
  private volatile @Nullable String downBecause;

  PersistentWriter(
      IngestEngine.Builder<R> parts, Function<Rejection, DeadLetter> deadLetters, StopSignal stop) {
    this.writer = parts.writer;
    this.deadLetters = deadLetters;
    this.options = parts.options;
    this.listener = parts.listener;
    this.clock = parts.clock;
    this.jitter = parts.jitter;
    this.stop = stop;
  }

  /** Why the last try failed, as long as none has succeeded since. */
  Optional<String> downBecause() {
    return Optional.ofNullable(downBecause);
  }

  /** Returns when all of the batch is durable, which may take for ever. */
  IngestCounts write(Batch<R> batch) throws InterruptedException {
    try {
      WriteResult written = writeOnceUp(batch);
      return new IngestCounts(written.stored(), written.stale(), batch.deadLetters().size());
    } catch (RecordRefusedException e) {
      return isolate(batch, e);
    }
  }

  /** Halves the batch until the refused record is alone, and makes that one a dead letter. */
  private IngestCounts isolate(Batch<R> batch, RecordRefusedException refusal)
      throws InterruptedException {
    List<Decoded<R>> records = batch.records();
    if (records.size() > 1) {
      int middle = records.size() / 2;
      IngestCounts first = write(Batch.of(records.subList(0, middle), batch.deadLetters()));
      return first.plus(write(Batch.of(records.subList(middle, records.size()), List.of())));
    }
    String detail = VisibleText.shortened(String.valueOf(refusal.getMessage()));
    List<DeadLetter> letters = new ArrayList<>(batch.deadLetters());
    for (Decoded<R> refused : records) {
      listener.rejected(refused.message(), Reason.STORE_REJECTED, detail);
      letters.add(
          deadLetters.apply(
              new Rejection(refused.message(), Reason.STORE_REJECTED, detail, clock.now())));
    }
    return write(Batch.of(List.of(), letters));
  }

  private WriteResult writeOnceUp(Batch<R> batch) throws InterruptedException {
    Outage outage = null;
    while (true) {
      try {
        WriteResult result = writer.write(batch);
        up(outage);
        return result;
      } catch (RecordRefusedException e) {
        if (!batch.records().isEmpty()) {
          up(outage);
          throw e;
        }
        outage = down(outage, e);
      } catch (UnusableStoreException e) {
        throw e;
      } catch (RuntimeException e) {
        outage = down(outage, e);
      }
    }
  }

  private void up(@Nullable Outage outage) {
    if (outage != null) {
      downBecause = null;
      listener.storeUp(outage.length());
    }
  }

  private Outage down(@Nullable Outage before, RuntimeException failure)
      throws InterruptedException {
    Outage outage = before == null ? new Outage() : before;
    downBecause = "the store is down: " + failure.getMessage();
    Duration length = outage.length();
    Duration limit = options.storeDownLimit();
    if (limit != null && length.compareTo(limit) >= 0) {
      throw new GaveUpException(length, failure);
    }
    if (stop.isTimeOver()) {
      throw new StopTimeOverException();
    }
    Duration wait = outage.nextWait();
    if (limit != null && length.plus(wait).compareTo(limit) > 0) {
      wait = limit.minus(length);
    }
    listener.storeDown(failure, length, wait);
    stop.pause(wait);
    return outage;
  }

  /** Failures in a row. */
  private final class Outage {
    private final long since = clock.nanoTime();
    private Duration wait = options.firstRetryWait();

    Duration length() {
      return Duration.ofNanos(clock.nanoTime() - since);
    }

    /** Doubles each time up to the cap, and is jittered so that consumers do not march in step. */
    Duration nextWait() {
      Duration full = wait;
      Duration doubled = full.multipliedBy(2);
      Duration cap = options.longestRetryWait();
      wait = doubled.compareTo(cap) < 0 ? doubled : cap;
      long half = full.toNanos() / 2;
      return Duration.ofNanos(half + jitter.nextLong(half + 1));
    }
  }
}
