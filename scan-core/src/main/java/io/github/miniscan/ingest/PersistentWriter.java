package io.github.miniscan.ingest;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.OperatorException;
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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch until it is durable: waits for a store that is down, and isolates a record that
 * the store refuses.
 */
final class PersistentWriter<R> {

  private final BatchWriter<R> writer;
  private final Rejecter rejecter;
  private final IngestOptions options;
  private final IngestListener listener;
  private final IngestClock clock;
  private final RandomGenerator jitter;
  private final StopSignal stop;
  private final Progress progress;
  private volatile @Nullable String downBecause;

  /** Makes the dead letter that is kept of a message. */
  @FunctionalInterface
  interface Rejecter {
    DeadLetter reject(Message message, Reason reason, String detail);
  }

  PersistentWriter(
      BatchWriter<R> writer,
      Rejecter rejecter,
      IngestOptions options,
      IngestListener listener,
      IngestClock clock,
      RandomGenerator jitter,
      StopSignal stop,
      Progress progress) {
    this.writer = writer;
    this.rejecter = rejecter;
    this.options = options;
    this.listener = listener;
    this.clock = clock;
    this.jitter = jitter;
    this.stop = stop;
    this.progress = progress;
  }

  /** Returns why the last try failed, as long as none has succeeded since. */
  Optional<String> downBecause() {
    return Optional.ofNullable(downBecause);
  }

  /** Returns when all of the batch is durable, however long that takes. */
  IngestCounts write(Batch<R> batch) throws InterruptedException {
    Run run = new Run(batch.deadLetters());
    Isolation.write(batch.records(), run::write, run::refused);
    return run.end();
  }

  /** One batch on its way; its dead letters go with the first part, or with the next one. */
  private final class Run {
    private final List<DeadLetter> unwritten;
    private long stored;
    private long stale;
    private long deadLetters;

    Run(List<DeadLetter> deadLetters) {
      unwritten = new ArrayList<>(deadLetters);
    }

    void write(List<Decoded<R>> records) throws InterruptedException {
      WriteResult result = writeOnceUp(Batch.of(records, unwritten));
      stored += result.stored();
      stale += result.stale();
      deadLetters += unwritten.size();
      unwritten.clear();
    }

    void refused(Decoded<R> record, RecordRefusedException refusal) {
      String detail = VisibleText.shortened(String.valueOf(refusal.getMessage()));
      unwritten.add(rejecter.reject(record.message(), Reason.STORE_REJECTED, detail));
    }

    IngestCounts end() throws InterruptedException {
      if (!unwritten.isEmpty()) {
        write(List.of());
      }
      return IngestCounts.of(stored, stale, deadLetters);
    }
  }

  private WriteResult writeOnceUp(Batch<R> batch) throws InterruptedException {
    Outage outage = null;
    while (true) {
      WriteResult result;
      try {
        result = writer.write(batch);
      } catch (RecordRefusedException e) {
        if (!batch.records().isEmpty()) {
          up(outage);
          // Isolating a record takes many writes, each of which may be refused.
          if (stop.isTimeOver()) {
            throw new StopTimeOverException();
          }
          throw e;
        }
        outage = down(outage, e);
        continue;
      } catch (UnusableStoreException e) {
        throw e;
      } catch (Exception e) {
        // A writer in another language may throw what its method does not declare.
        if (e instanceof InterruptedException interrupt) {
          throw interrupt;
        }
        outage = down(outage, e);
        continue;
      }
      up(outage);
      return checked(result, batch.records().size());
    }
  }

  /** Refuses counts that do not add up: a defect of the writer, so that retrying will not help. */
  private WriteResult checked(@Nullable WriteResult result, int records) {
    if (result == null || (long) result.stored() + result.stale() != records) {
      throw new IllegalStateException(
          "the writer "
              + writer
              + " counted "
              + result
              + " of "
              + records
              + " records: the two must add up to their number");
    }
    return result;
  }

  /** Returns a failure in a sentence, harmless to show. */
  static String told(Exception failure) {
    return failure instanceof OperatorException known
        ? known.sentence()
        : VisibleText.shortened(failure.toString());
  }

  private void up(@Nullable Outage outage) {
    progress.made();
    if (outage != null) {
      downBecause = null;
      listener.storeUp(new IngestListener.StoreUp(outage.length()));
    }
  }

  private Outage down(@Nullable Outage before, Exception failure) throws InterruptedException {
    progress.made();
    Outage outage = before == null ? new Outage() : before;
    downBecause = "the store is down: " + told(failure);
    Duration length = outage.length();
    Duration limit = options.storeDownLimit().orElse(null);
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
    outage.failures++;
    listener.storeDown(new IngestListener.StoreDown(failure, outage.failures, length, wait));
    stop.pause(wait);
    return outage;
  }

  /** Failures in a row. */
  private final class Outage {
    private final long since = clock.nanoTime();
    private Duration wait = options.firstRetryWait();
    private int failures;

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
