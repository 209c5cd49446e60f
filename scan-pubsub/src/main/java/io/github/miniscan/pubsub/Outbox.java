package io.github.miniscan.pubsub;

import com.google.api.core.ApiFuture;
import com.google.protobuf.Empty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ack ids on their way to the server, sent at once and many to a call.
 *
 * <p>While calls are under way, more ids gather for the next one: there is no other batching. A
 * call that fails is retried as long as the leases may last, and then given up: the messages are
 * redelivered, which is harmless. {@link #add} is cheap and safe from any thread.
 */
final class Outbox {

  /** The service's limit is 512 KiB for a request. */
  static final int MAX_IDS = 2_500;

  static final int MAX_ID_BYTES = 480 << 10;

  private static final int MAX_CALLS = 4;
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final String what;
  private final Function<List<String>, ApiFuture<Empty>> call;
  private final SourceThread thread;
  private final Timing timing;
  private final IntConsumer givenUp;
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean flushing = new AtomicBoolean();
  private final AtomicLong unfinished = new AtomicLong();
  private int calls;

  /**
   * Creates an empty outbox.
   *
   * @param what is sent, for the log
   * @param givenUp told how many ids could not be sent in time
   */
  Outbox(
      String what,
      Function<List<String>, ApiFuture<Empty>> call,
      SourceThread thread,
      Timing timing,
      IntConsumer givenUp) {
    this.givenUp = givenUp;
    this.what = what;
    this.call = call;
    this.thread = thread;
    this.timing = timing;
  }

  void add(String ackId) {
    unfinished.incrementAndGet();
    waiting.add(ackId);
    if (!flushing.get() && flushing.compareAndSet(false, true)) {
      thread.execute(this::flush);
    }
  }

  private void flush() {
    flushing.set(false);
    while (calls < MAX_CALLS) {
      List<String> ids = nextIds();
      if (ids.isEmpty()) {
        return;
      }
      calls++;
      new Chunk(ids).send();
    }
  }

  private List<String> nextIds() {
    List<String> ids = new ArrayList<>();
    int bytes = 0;
    String id = waiting.peek();
    while (id != null
        && ids.size() < MAX_IDS
        && (ids.isEmpty() || bytes + id.length() <= MAX_ID_BYTES)) {
      ids.add(id);
      bytes += id.length();
      waiting.remove();
      id = waiting.peek();
    }
    return ids;
  }

  /** Returns the number of ids that are not sent, or not answered yet. */
  int unfinished() {
    return (int) unfinished.get();
  }

  /** Waits until all ids were sent and answered, or given up. */
  boolean awaitEmpty(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    synchronized (unfinished) {
      while (unfinished.get() > 0) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        unfinished.wait(left);
      }
    }
    return true;
  }

  private final class Chunk {
    private final List<String> ids;
    private final long giveUpAt = System.nanoTime() + timing.lease().toNanos();
    private final Backoff backoff = new Backoff(timing.firstRetry(), timing.longestRetry());
    private boolean counted = true;

    Chunk(List<String> ids) {
      this.ids = ids;
    }

    void send() {
      CallResult.of(
          call.apply(ids),
          done -> thread.execute(this::finished),
          failure -> thread.execute(() -> failed(failure)),
          thread::broken);
    }

    private void failed(Throwable failure) {
      Failures.rethrowError(failure);
      Duration wait = backoff.next();
      if (Failures.isPassing(failure) && System.nanoTime() + wait.toNanos() - giveUpAt < 0) {
        leave();
        thread.after(wait, this::send);
        flush();
      } else {
        log.warn(
            "gave up on {} {}, so their messages will be redelivered: {}",
            ids.size(),
            what,
            Failures.reason(failure));
        givenUp.accept(ids.size());
        finished();
      }
    }

    private void finished() {
      leave();
      if (unfinished.addAndGet(-ids.size()) == 0) {
        synchronized (unfinished) {
          unfinished.notifyAll();
        }
      }
      flush();
    }

    /** Gives its place to other chunks while it waits to be sent again. */
    private void leave() {
      if (counted) {
        counted = false;
        calls--;
      }
    }
  }
}
