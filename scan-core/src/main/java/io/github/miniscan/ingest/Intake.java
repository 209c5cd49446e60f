package io.github.miniscan.ingest;

import io.github.miniscan.decode.Decoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Receives deliveries and decodes them, where there is an executor also ahead: while a batch is
 * written, the next one is decoded.
 *
 * <p>Deliveries are decoded in parts. The executor may begin a part at any time or never; a part
 * that it has not begun is decoded by the engine's thread when that needs it. For the engine's
 * thread alone.
 */
final class Intake<R> {

  /** Enough to be worth an executor's task, and few enough to show progress. */
  private static final int LARGEST_PART = 500;

  /** Parts of the smallest batch that is worth the executor, so that it is shared among cores. */
  private static final int FEWEST_PARTS = 4;

  private final MessageSource source;
  private final Decoder<R> decoder;
  private final @Nullable Executor beside;
  private final int aheadFrom;
  private final int partSize;
  private final IngestClock clock;
  private final Progress progress;

  /** What was received and not returned yet, in the order of arrival. */
  private final List<Part<R>> parts = new ArrayList<>();

  private Duration decoding = Duration.ZERO;

  /**
   * @param beside runs parts beside the engine's thread; null where that decodes everything
   * @param aheadFrom how many deliveries are worth the executor, 1 or more
   */
  Intake(
      MessageSource source,
      Decoder<R> decoder,
      @Nullable Executor beside,
      int aheadFrom,
      IngestClock clock,
      Progress progress) {
    this.source = source;
    this.decoder = decoder;
    this.beside = beside;
    this.aheadFrom = aheadFrom;
    this.partSize = Math.max(1, Math.min(LARGEST_PART, aheadFrom / FEWEST_PARTS));
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Returns what was fetched ahead and whatever else has arrived, decoded, in the order of arrival.
   * When it throws, everything is handed back.
   *
   * @param max the most deliveries to return, at least as many as were fetched ahead
   * @param wait how long to wait for the first delivery where nothing was fetched ahead
   */
  List<Received<R>> next(int max, Duration wait) throws InterruptedException {
    try {
      int room = max - count();
      if (room > 0) {
        begin(source.receive(room, parts.isEmpty() ? wait : Duration.ZERO));
      }
      return finish();
    } catch (Throwable e) {
      handBack();
      throw e;
    }
  }

  /**
   * Receives what has arrived, and lets the executor decode it while the batch in hand is written.
   * Does not wait; does nothing where there is no executor, or the batch is small.
   *
   * @param max the most deliveries to fetch
   * @param inHand the size of the batch that is about to be written
   */
  void fetchAhead(int max, int inHand) throws InterruptedException {
    if (beside == null || inHand < aheadFrom || max <= 0) {
      return;
    }
    try {
      begin(source.receive(max, Duration.ZERO));
    } catch (SourceException e) {
      // The next receive reports it again; the batch in hand is unaffected.
    }
  }

  /** Hands back what was received and not returned. */
  void handBack() {
    parts.forEach(part -> part.deliveries.forEach(Delivery::nack));
    forget();
  }

  /** Returns how long the last {@link #next} decoded, or waited for decoding. */
  Duration decoding() {
    return decoding;
  }

  private void begin(List<Delivery> deliveries) {
    boolean shared = beside != null && deliveries.size() >= aheadFrom;
    int size = shared ? partSize : LARGEST_PART;
    int begun = parts.size();
    for (int from = 0; from < deliveries.size(); from += size) {
      int to = Math.min(from + size, deliveries.size());
      parts.add(new Part<>(List.copyOf(deliveries.subList(from, to)), decoder));
    }
    if (beside != null && shared) {
      try {
        parts.subList(begun, parts.size()).forEach(part -> beside.execute(taskOf(part.offer)));
      } catch (RejectedExecutionException e) {
        // The engine's thread decodes what the executor refuses.
      }
    }
  }

  private List<Received<R>> finish() throws InterruptedException {
    long start = clock.nanoTime();
    for (Part<R> part : parts) {
      // A part that the executor has begun, or finished, is not run again.
      part.run();
      progress.made();
    }
    List<Received<R>> received = new ArrayList<>(count());
    for (Part<R> part : parts) {
      received.addAll(part.received());
      progress.made();
    }
    forget();
    decoding = Duration.ofNanos(clock.nanoTime() - start);
    return received;
  }

  private void forget() {
    parts.forEach(Part::withdraw);
    parts.clear();
  }

  /** Returns a task that runs a part which is still on offer; it holds nothing else. */
  private static Runnable taskOf(AtomicReference<@Nullable Runnable> offer) {
    return () -> {
      Runnable part = offer.getAndSet(null);
      if (part != null) {
        part.run();
      }
    };
  }

  private int count() {
    return parts.stream().mapToInt(part -> part.deliveries.size()).sum();
  }

  /** Deliveries that are decoded in one piece, once, by the thread that comes first. */
  private static final class Part<R> extends FutureTask<List<Received<R>>> {
    private final List<Delivery> deliveries;
    private final AtomicReference<@Nullable Runnable> offer = new AtomicReference<>(this);

    Part(List<Delivery> deliveries, Decoder<R> decoder) {
      super(() -> deliveries.stream().map(delivery -> Received.of(delivery, decoder)).toList());
      this.deliveries = deliveries;
    }

    /** Leaves nothing to the executor, which may keep its task for ever, or cancel it. */
    void withdraw() {
      offer.set(null);
    }

    List<Received<R>> received() throws InterruptedException {
      try {
        return get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException("decoding failed", e.getCause());
      }
    }
  }
}
