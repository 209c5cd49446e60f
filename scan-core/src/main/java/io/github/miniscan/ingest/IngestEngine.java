package io.github.miniscan.ingest;

import static java.util.Objects.requireNonNull;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.Decoded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store up to date with what a source delivers: receive, decode, write the batch durably,
 * ack.
 *
 * <p><b>At least once:</b> a delivery is acked only after everything that it caused is durable.
 * <b>Nothing is silently lost:</b> every delivery settled is stored, stale or a dead letter. <b>A
 * store that is down loses nothing:</b> the batch in hand is retried with growing waits, and
 * nothing is acked meanwhile. <b>It stops well:</b> see {@link #stop}. There is no linger time: a
 * batch is whatever arrived while the one before was being written.
 *
 * <p>An engine starts no thread and runs once, in the thread that calls {@link #run}. The decoder
 * runs in that thread too, unless an executor was given: see {@link Builder#decodeIn}. Every other
 * method is safe from any thread. The engine closes neither source nor writer: close the source
 * when {@link #run} has returned or thrown, so that nothing stays leased.
 *
 * @param <R> the record type
 */
public final class IngestEngine<R> {

  private static final String ENDED = "the engine has ended";
  private static final Duration LONGEST_RECEIVE = Duration.ofMinutes(1);
  private static final Duration LONGEST_AWAIT = Duration.ofDays(36_500);

  private final MessageSource source;
  private final Intake<R> intake;
  private final PersistentWriter<R> writer;
  private final Function<Rejection, DeadLetter> deadLetters;
  private final IngestOptions options;
  private final IngestListener listener;
  private final IngestClock clock;
  private final StopSignal stop;
  private final Progress progress;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile IngestCounts total = IngestCounts.ZERO;
  private volatile @Nullable Instant oldestInHand;

  private IngestEngine(Builder<R> parts) {
    source = parts.source;
    deadLetters = parts.deadLetters;
    options = parts.options;
    listener = parts.allListeners();
    clock = parts.clock;
    stop = new StopSignal(clock);
    progress =
        new Progress(clock, LONGEST_RECEIVE.plus(options.longestRetryWait()).multipliedBy(2));
    intake =
        new Intake<>(
            source,
            new ContainedDecoder<>(parts.decoder),
            parts.executor,
            options.decodeAheadFrom(),
            clock,
            progress);
    writer =
        new PersistentWriter<>(
            parts.writer, this::reject, options, listener, clock, parts.jitter, stop, progress);
  }

  /** Returns a builder of an engine that takes from this source and writes with this writer. */
  public static <R> Builder<R> builder(
      MessageSource source, Decoder<R> decoder, BatchWriter<R> writer) {
    return new Builder<>(source, decoder, writer);
  }

  /**
   * Runs until it is stopped, or until a limit of its options is reached.
   *
   * <p>However it ends, deliveries that are not acked are handed back, and the source is stopped.
   *
   * @return the outcomes of all deliveries
   * @throws IllegalStateException when it was called before, or when the writer's counts do not add
   *     up to the records of a batch
   * @throws SourceException when the source cannot go on
   * @throws GaveUpException when the store was down for longer than allowed
   * @throws io.github.miniscan.store.UnusableStoreException when the store can never be used
   * @throws RuntimeException when the executor, a listener or the function that makes dead letters
   *     throws one
   * @throws Error when the decoder (only errors of the JVM), the writer, the executor, a listener
   *     or the function that makes dead letters throws one
   */
  public IngestCounts run() throws InterruptedException {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("an engine runs once: build another one");
    }
    try {
      Silence silence = new Silence(clock, options.idleLimit().orElse(null));
      while (!stop.isRequested() && room(0) > 0) {
        progress.made();
        long start = clock.nanoTime();
        List<Received<R>> received = intake.next(room(0), silence.nextWait(LONGEST_RECEIVE));
        if (!received.isEmpty()) {
          settle(received);
          silence.isBroken();
          continue;
        }
        if (!source.isIdle()) {
          silence.isBroken();
        } else if (silence.isOver()) {
          break;
        }
        // A source that another has stopped does not wait.
        stop.awaitRequest(Silence.CHECK.minusNanos(clock.nanoTime() - start));
      }
      return total;
    } finally {
      end();
    }
  }

  private void end() {
    try {
      intake.handBack();
    } finally {
      try {
        source.stop();
      } finally {
        ended.countDown();
      }
    }
  }

  /** The main path: when this returns, the deliveries are durable and acked, or a stop is over. */
  private void settle(List<Received<R>> received) throws InterruptedException {
    try {
      Batch<R> batch = batchOf(received);
      oldestInHand = oldestOf(received);
      Duration decoding = intake.decoding();
      intake.fetchAhead(room(received.size()), received.size());
      long start = clock.nanoTime();
      IngestCounts counts = writer.write(batch);
      Duration writing = Duration.ofNanos(clock.nanoTime() - start);
      received.forEach(each -> each.delivery().ack());
      total = total.plus(counts);
      listener.batchSettled(
          new IngestListener.BatchSettled(counts, total, decoding, writing, oldestInHand));
    } catch (StopTimeOverException e) {
      received.forEach(each -> each.delivery().nack());
      listener.handedBack(new IngestListener.HandedBack(received.size()));
    } catch (Throwable e) {
      received.forEach(each -> each.delivery().nack());
      throw e;
    } finally {
      oldestInHand = null;
    }
  }

  private Batch<R> batchOf(List<Received<R>> received) {
    List<Decoded<R>> records = new ArrayList<>(received.size());
    List<DeadLetter> rejected = new ArrayList<>();
    for (Received<R> each : received) {
      Decoded<R> decoded = each.decoded();
      RejectedException rejection = each.rejection();
      if (decoded != null) {
        records.add(decoded);
      } else if (rejection != null) {
        rejected.add(reject(each.delivery().message(), rejection.reason(), rejection.detail()));
      }
    }
    return Batch.of(records, rejected);
  }

  private DeadLetter reject(Message message, Reason reason, String detail) {
    DeadLetter kept =
        requireNonNull(
            deadLetters.apply(Rejection.of(message, reason, detail, clock.now())),
            "the function that makes dead letters returned null");
    progress.made();
    listener.rejected(kept);
    return kept;
  }

  private static @Nullable Instant oldestOf(List<? extends Received<?>> received) {
    Instant oldest = null;
    for (Received<?> each : received) {
      Instant published = each.delivery().message().publishTime().orElse(null);
      if (published != null && (oldest == null || published.isBefore(oldest))) {
        oldest = published;
      }
    }
    return oldest;
  }

  /** The most deliveries that the next batch may have; 0 when enough are settled or in hand. */
  private int room(int inHand) {
    return (int) Math.min(options.maxBatch(), options.maxDeliveries() - total.settled() - inHand);
  }

  /**
   * Ends the run: no new deliveries; the batch in hand is written and acked or, when the store
   * stays down until {@link IngestOptions#stopWithin} has passed, handed back; what was not started
   * is handed back. Returns at once, before {@link #run} does: see {@link #awaitEnd}. A second call
   * does nothing.
   */
  public void stop() {
    stop.request(options.stopWithin());
    source.stop();
  }

  /**
   * Waits until {@link #run} has returned or thrown. A program that ends on a signal must wait, and
   * then close the source: otherwise the JVM halts in the middle of a write. An interrupt ends the
   * wait, and the thread stays interrupted.
   *
   * @return whether it has ended within that time
   */
  public boolean awaitEnd(Duration longest) {
    Duration wait = longest.compareTo(LONGEST_AWAIT) < 0 ? longest : LONGEST_AWAIT;
    try {
      return ended.await(wait.isNegative() ? 0 : wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns the outcomes of the deliveries so far. */
  public IngestCounts counts() {
    return total;
  }

  /**
   * Returns the earliest publish time in the batch that is being written; empty where there is no
   * batch, or no message has a publish time.
   */
  public Optional<Instant> oldestInHand() {
    return Optional.ofNullable(oldestInHand);
  }

  /**
   * Returns why nothing can be kept at the moment, as a sentence: the store is down, the source is
   * not connected, or the run has ended. Empty while all is well. This is readiness: it comes and
   * goes by itself.
   */
  public Optional<String> unreadyBecause() {
    if (ended.getCount() == 0) {
      return Optional.of(ENDED);
    }
    Optional<String> store = writer.downBecause();
    return store.isPresent() || source.isConnected()
        ? store
        : Optional.of("the source is not connected");
  }

  /**
   * Returns why the process should be restarted, as a sentence: the run has ended, or its thread
   * has made no progress for minutes, though it neither waits for deliveries nor for a store that
   * is down. Empty while all is well, and before the run. This is liveness.
   */
  public Optional<String> stalledBecause() {
    return ended.getCount() == 0 ? Optional.of(ENDED) : progress.stalledBecause();
  }

  /**
   * The parts of an engine: required ones, and ones with a default.
   *
   * @param <R> the record type
   */
  public static final class Builder<R> {
    private final MessageSource source;
    private final Decoder<R> decoder;
    private final BatchWriter<R> writer;
    private final List<IngestListener> listeners = new ArrayList<>();
    private Function<Rejection, DeadLetter> deadLetters = Rejection::toDeadLetter;
    private @Nullable Executor executor;
    private IngestOptions options = IngestOptions.defaults();
    private IngestClock clock = IngestClock.SYSTEM;
    private RandomGenerator jitter = () -> ThreadLocalRandom.current().nextLong();
    private boolean logging = true;

    private Builder(MessageSource source, Decoder<R> decoder, BatchWriter<R> writer) {
      this.source = requireNonNull(source, "source");
      this.decoder = requireNonNull(decoder, "decoder");
      this.writer = requireNonNull(writer, "writer");
    }

    /**
     * Sets the function that makes the dead letter to keep of a rejected delivery, so that a
     * service may redact or encrypt it. The default keeps everything.
     */
    public Builder<R> deadLetters(Function<Rejection, DeadLetter> deadLetters) {
      this.deadLetters = requireNonNull(deadLetters, "deadLetters");
      return this;
    }

    /**
     * Sets an executor that large batches are decoded in, beside the engine's thread, and ahead
     * while the batch before is written. Its threads call the decoder: they have class loaders and
     * thread locals of their own. The caller owns the executor; tasks that it refuses or never
     * begins run in the engine's thread. The default is none: the engine's thread decodes
     * everything.
     */
    public Builder<R> decodeIn(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    /** Sets the limits of the run. */
    public Builder<R> options(IngestOptions options) {
      this.options = requireNonNull(options, "options");
      return this;
    }

    /** Adds a listener. Listeners are told in the order in which they were added. */
    public Builder<R> listener(IngestListener listener) {
      listeners.add(requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Leaves logging to the listeners. The default is that an engine logs by SLF4J when the store
     * is down, when it is back, and when deliveries were handed back unwritten.
     */
    public Builder<R> withoutLogging() {
      logging = false;
      return this;
    }

    /** Sets the clock, for a run that can be repeated. */
    public Builder<R> clock(IngestClock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /** Sets the source of the jitter of waits, for a run that can be repeated. */
    public Builder<R> jitter(RandomGenerator jitter) {
      this.jitter = requireNonNull(jitter, "jitter");
      return this;
    }

    private IngestListener allListeners() {
      List<IngestListener> all = new ArrayList<>(listeners);
      if (logging) {
        all.add(0, new IngestLog());
      }
      return new Listeners(all);
    }

    /** Returns the engine. */
    public IngestEngine<R> build() {
      return new IngestEngine<>(this);
    }
  }
}
