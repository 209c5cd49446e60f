package io.github.miniscan.ingest;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.Decoded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Keeps a store up to date with what a source delivers: receive, decode, write the batch durably,
 * ack.
 *
 * <p><b>At least once:</b> a delivery is acked only after everything that it caused is durable.
 * <b>Nothing is silently lost:</b> every delivery settled is stored, stale or a dead letter. <b>A
 * store that is down loses nothing:</b> the batch in hand is tried again, with growing waits, and
 * nothing is acked meanwhile. <b>It stops well:</b> see {@link #stop}. There is no linger time: a
 * batch is whatever arrived while the one before was being written.
 *
 * <p>An engine starts no thread and runs once, in the thread that calls {@link #run}, but for the
 * decoding of large batches, which the JVM's {@link java.util.concurrent.ForkJoinPool#commonPool()
 * common pool} takes part in, and begins while the batch before is written; everything else is safe
 * from any thread. It closes neither source nor writer.
 *
 * @param <R> the record type
 */
public final class IngestEngine<R> {

  private static final Duration LONGEST_RECEIVE = Duration.ofMinutes(1);
  private static final Duration IDLE_CHECK = Duration.ofMillis(100);

  /** From here on decoding takes milliseconds, which is worth the cost of sharing it. */
  private static final int LARGE_BATCH = 2_000;

  private final MessageSource source;
  private final Decoder<R> decoder;
  private final Lookahead<R> ahead;
  private final PersistentWriter<R> writer;
  private final Function<Rejection, DeadLetter> deadLetters;
  private final IngestOptions options;
  private final IngestListener listener;
  private final IngestClock clock;
  private final StopSignal stop;
  private volatile IngestCounts total = IngestCounts.ZERO;

  private IngestEngine(Builder<R> builder) {
    source = builder.source;
    decoder = new ContainedDecoder<>(builder.decoder);
    ahead = new Lookahead<>(this::verdicts);
    deadLetters = builder.deadLetters;
    options = builder.options;
    listener = builder.listener;
    clock = builder.clock;
    stop = new StopSignal(clock);
    writer = new PersistentWriter<>(builder, this::keep, stop);
  }

  /** An engine that takes from this source and writes with this writer. */
  public static <R> Builder<R> builder(
      MessageSource source, Decoder<R> decoder, BatchWriter<R> writer) {
    return new Builder<>(source, decoder, writer);
  }

  /**
   * Runs until it is stopped, or until a limit of its options is reached.
   *
   * @return what became of the deliveries
   * @throws GaveUpException when the store was down for longer than the options allow
   * @throws SourceException when the source can not go on
   * @throws io.github.miniscan.store.UnusableStoreException when this program can no longer use the
   *     store
   * @throws InterruptedException when the thread is interrupted, which is a stop without time
   */
  public IngestCounts run() throws InterruptedException {
    long silentSince = clock.nanoTime();
    try {
      while (!stop.isRequested() && settled() < options.maxDeliveries()) {
        List<Delivery> deliveries = receive(nextWait(silentSince));
        if (!deliveries.isEmpty()) {
          settle(deliveries);
        }
        if (!deliveries.isEmpty() || !source.isIdle()) {
          silentSince = clock.nanoTime();
        } else if (isIdle(silentSince)) {
          break;
        }
      }
    } finally {
      ahead.handBack();
      source.stop();
    }
    return total;
  }

  /** What is ahead, and whatever else has arrived. */
  private List<Delivery> receive(Duration wait) throws InterruptedException {
    List<Delivery> deliveries = new ArrayList<>(ahead.deliveries());
    int room = nextBatchSize() - deliveries.size();
    if (room > 0) {
      deliveries.addAll(source.receive(room, deliveries.isEmpty() ? wait : Duration.ZERO));
    }
    return deliveries;
  }

  /** The main path: when this returns, the deliveries are durable and acked, or a stop is over. */
  private void settle(List<Delivery> deliveries) throws InterruptedException {
    try {
      Batch<R> batch = decode(deliveries);
      lookAhead(deliveries.size());
      IngestCounts counts = writer.write(batch);
      deliveries.forEach(Delivery::ack);
      total = total.plus(counts);
      listener.batchSettled(counts, total);
    } catch (StopTimeOverException e) {
      deliveries.forEach(Delivery::nack);
      listener.handedBack(deliveries.size());
    } catch (RuntimeException | InterruptedException e) {
      deliveries.forEach(Delivery::nack);
      throw e;
    }
  }

  private Batch<R> decode(List<Delivery> deliveries) {
    List<Verdict<R>> verdicts = new ArrayList<>(ahead.take());
    verdicts.addAll(verdicts(deliveries.subList(verdicts.size(), deliveries.size())));
    return batchOf(verdicts);
  }

  private Batch<R> batchOf(List<Verdict<R>> verdicts) {
    List<Decoded<R>> records = new ArrayList<>(verdicts.size());
    List<DeadLetter> rejected = new ArrayList<>();
    for (Verdict<R> verdict : verdicts) {
      Decoded<R> decoded = verdict.decoded();
      RejectedException rejection = verdict.rejection();
      if (decoded != null) {
        records.add(decoded);
      } else if (rejection != null) {
        rejected.add(reject(verdict.message(), rejection));
      }
    }
    return Batch.of(records, rejected);
  }

  /** In the order of the deliveries; of many on all cores that have nothing else to do. */
  private List<Verdict<R>> verdicts(List<Delivery> deliveries) {
    Stream<Delivery> each =
        deliveries.size() < LARGE_BATCH ? deliveries.stream() : deliveries.parallelStream();
    return each.map(delivery -> Verdict.of(delivery.message(), decoder)).toList();
  }

  /** Beside the writing of a large batch what has arrived already is decoded. */
  private void lookAhead(int inHand) throws InterruptedException {
    int room = (int) Math.min(options.maxBatch(), options.maxDeliveries() - settled() - inHand);
    if (inHand < LARGE_BATCH || room == 0) {
      return;
    }
    try {
      ahead.begin(source.receive(room, Duration.ZERO));
    } catch (SourceException e) {
      // It says so again when it is asked again, and the batch in hand is none the worse for it.
    }
  }

  private DeadLetter reject(Message message, RejectedException rejection) {
    Reason reason = rejection.reason();
    String detail = rejection.detail();
    listener.rejected(message, reason, detail);
    return keep(new Rejection(message, reason, detail, clock.now()));
  }

  private DeadLetter keep(Rejection rejection) {
    return deadLetters.apply(rejection);
  }

  private long settled() {
    return total.settled();
  }

  private int nextBatchSize() {
    return (int) Math.min(options.maxBatch(), options.maxDeliveries() - settled());
  }

  private Duration nextWait(long silentSince) {
    Duration limit = options.idleLimit();
    if (limit == null) {
      return LONGEST_RECEIVE;
    }
    Duration left = limit.minusNanos(clock.nanoTime() - silentSince);
    return left.isNegative() ? Duration.ZERO : left.compareTo(IDLE_CHECK) < 0 ? left : IDLE_CHECK;
  }

  private boolean isIdle(long silentSince) {
    Duration limit = options.idleLimit();
    return limit != null && clock.nanoTime() - silentSince >= limit.toNanos();
  }

  /**
   * Ends the run: no new deliveries; the batch in hand is written and acked or, when the store
   * stays down until {@link IngestOptions#stopWithin} has passed, handed back; what was not started
   * is handed back. Returns at once, before {@link #run} does; a second call does nothing.
   */
  public void stop() {
    stop.request(options.stopWithin());
    source.stop();
  }

  /** What became of the deliveries so far. */
  public IngestCounts counts() {
    return total;
  }

  /**
   * Why nothing can be kept at the moment, as a sentence: the store is down, or the source is not
   * connected. Empty while all is well.
   */
  public Optional<String> unreadyBecause() {
    Optional<String> store = writer.downBecause();
    return store.isPresent() || source.isConnected()
        ? store
        : Optional.of("the source is not connected");
  }

  /**
   * The parts of an engine: those it can not do without, and those that have a default.
   *
   * @param <R> the record type
   */
  public static final class Builder<R> {
    private final MessageSource source;
    private final Decoder<R> decoder;
    final BatchWriter<R> writer;
    private Function<Rejection, DeadLetter> deadLetters = Rejection::toDeadLetter;
    IngestOptions options = IngestOptions.defaults();
    IngestListener listener = IngestListener.NONE;
    IngestClock clock = IngestClock.SYSTEM;
    RandomGenerator jitter = () -> ThreadLocalRandom.current().nextLong();

    private Builder(MessageSource source, Decoder<R> decoder, BatchWriter<R> writer) {
      this.source = source;
      this.decoder = decoder;
      this.writer = writer;
    }

    /** What is kept of a rejected delivery; all of it unless told otherwise. */
    public Builder<R> deadLetters(Function<Rejection, DeadLetter> deadLetters) {
      this.deadLetters = deadLetters;
      return this;
    }

    public Builder<R> options(IngestOptions options) {
      this.options = options;
      return this;
    }

    public Builder<R> listener(IngestListener listener) {
      this.listener = listener;
      return this;
    }

    public Builder<R> clock(IngestClock clock) {
      this.clock = clock;
      return this;
    }

    /** Where the jitter of waits comes from, for a run that can be repeated. */
    public Builder<R> jitter(RandomGenerator jitter) {
      this.jitter = jitter;
      return this;
    }

    public IngestEngine<R> build() {
      return new IngestEngine<>(this);
    }
  }
}
