package io.github.miniscan.pubsub;

import com.google.api.core.ApiFuture;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.pubsub.v1.PullResponse;
import io.github.miniscan.pubsub.Connectivity.Contact;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Fetches by calls: several at a time while there are messages, one while there are none.
 *
 * <p>A call has as long as the longest lease lasts, so that a slow link delays messages and loses
 * none. An emulator may go on answering the call of a client that is gone, so none of its calls
 * waits for messages: it is asked to answer at once, again and again.
 *
 * <p>A response cannot be refused, so room for it is set aside before: as much as the largest
 * recent response used. Where sizes jump, each call under way may exceed that once, by 10 MB at the
 * most.
 */
final class UnaryPull implements Puller {

  /** The service returns no more than that in one response. */
  static final long MAX_RESPONSE_BYTES = 10L << 20;

  private static final int MAX_MESSAGES = 1_000;

  /** The fewest messages to ask for while other calls are under way. */
  private static final int FEW_MESSAGES = 100;

  /** The waits after an empty answer. */
  private static final Duration FIRST_WAIT = Duration.ofMillis(5);

  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

  /** The time for a response that is about to come when the source is stopped. */
  private static final Duration LAST_RESPONSE = Duration.ofMillis(600);

  private final SubscriptionCalls calls;
  private final SourceThread thread;
  private final Arrivals arrivals;
  private final FlowControl flowControl;
  private final Contact contact;
  private final Timing timing;
  private final boolean polling;
  private final int maxParallel;
  private final @Nullable Duration leaseLength;
  private final PullPace pace;
  private final Backoff waits = new Backoff(FIRST_WAIT, LONGEST_WAIT);
  private final Set<Call> underWay = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);
  private int busy;
  private int asked;
  private boolean stopped;
  private volatile boolean idle;
  private long expectedBytes = MAX_RESPONSE_BYTES;
  private long expectedMessageBytes = 1_000;

  /**
   * Prepares to fetch; {@link #start} begins.
   *
   * @param polling whether the server is asked to answer at once instead of waiting for messages
   * @param leaseLength the subscription's own; null when it is not known
   */
  UnaryPull(
      SubscriptionCalls calls,
      SourceThread thread,
      Arrivals arrivals,
      FlowControl flowControl,
      Contact contact,
      Timing timing,
      boolean polling,
      int maxParallel,
      @Nullable Duration leaseLength) {
    this.calls = calls;
    this.thread = thread;
    this.arrivals = arrivals;
    this.flowControl = flowControl;
    this.contact = contact;
    this.timing = timing;
    this.polling = polling;
    this.maxParallel = maxParallel;
    this.leaseLength = leaseLength;
    pace = new PullPace(MAX_MESSAGES * maxParallel);
  }

  @Override
  public void start() {
    while (!stopped
        && !contact.isRecovering()
        && busy < (idle ? 1 : maxParallel)
        && (busy == 0 || pace.limit() - asked >= FEW_MESSAGES)
        && flowControl.admits(busy * expectedBytes)) {
      new Call(maxMessages()).start();
    }
  }

  private int maxMessages() {
    long free = flowControl.freeBytes() - busy * expectedBytes;
    long fitting = Math.min(flowControl.freeCount(), free / expectedMessageBytes);
    int share = Math.max(FEW_MESSAGES, pace.limit() / maxParallel);
    int fair = Math.min(share, pace.limit() - asked);
    return (int) Math.max(1, Math.min(MAX_MESSAGES, Math.min(fair, fitting)));
  }

  @Override
  public void resume() {
    start();
  }

  private void free() {
    busy--;
    if (stopped) {
      endIfDone();
    } else {
      start();
    }
  }

  @Override
  public void restart() {
    cancel(call -> true);
  }

  /** Cancels a call that the server does not answer, although it answers others. */
  @Override
  public void ping() {
    underWay.forEach(Call::cancelIfOverlooked);
  }

  @Override
  public boolean isIdle() {
    return (idle || !polling) && underWay.stream().noneMatch(call -> call.reception.isUnderWay());
  }

  private void cancel(Predicate<Call> which) {
    List.copyOf(underWay).stream().filter(which).forEach(Call::cancel);
  }

  @Override
  public void stop() {
    stopped = true;
    endIfDone();
  }

  private void endIfDone() {
    if (underWay.isEmpty()) {
      ended.countDown();
    }
  }

  /** Waits for responses that have begun to arrive, so that they are handed back. */
  @Override
  public void awaitEnd(Duration longest) throws InterruptedException {
    if (!polling && !isEndedWithin(LAST_RESPONSE)) {
      thread.execute(() -> cancel(call -> !call.reception.hasBegun()));
    }
    if (!isEndedWithin(longest)) {
      thread.execute(() -> cancel(call -> true));
    }
  }

  private boolean isEndedWithin(Duration longest) throws InterruptedException {
    return ended.await(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A call from its request to its result. */
  private final class Call {
    private final int maxMessages;

    /** True for the first call too, whose answer tells that the server is there. */
    private final boolean atOnce = polling || !contact.isAnswered();

    private final Reception reception = new Reception();
    private final long askedAt = System.nanoTime();
    private @Nullable ApiFuture<PullResponse> future;
    private boolean overlooked;

    Call(int maxMessages) {
      this.maxMessages = maxMessages;
    }

    void start() {
      busy++;
      asked += maxMessages;
      underWay.add(this);
      future = calls.pull(maxMessages, atOnce, reception);
      CallResult.of(
          future,
          response -> {
            // Taken in on this thread, so that responses are handled in parallel.
            Duration transfer = Duration.ofNanos(System.nanoTime() - reception.begunAt());
            long bytes = arrivals.accept(response.getReceivedMessagesList(), leaseLength, transfer);
            int count = response.getReceivedMessagesCount();
            thread.execute(() -> answered(count, bytes, transfer));
          },
          failure -> thread.execute(() -> failed(failure)),
          thread::broken);
    }

    void cancel() {
      if (future != null) {
        future.cancel(true);
      }
    }

    /** Cancels the call when the server answers others and has not answered this one. */
    void cancelIfOverlooked() {
      Duration age = Duration.ofNanos(System.nanoTime() - askedAt);
      if (atOnce
          && !reception.hasBegun()
          && age.compareTo(timing.heartbeat().plus(timing.answer())) > 0) {
        overlooked = true;
        cancel();
      }
    }

    private void answered(int count, long bytes, Duration transfer) {
      pace.learn(maxMessages, Math.max(1, count), underWay.size(), transfer);
      end();
      contact.proven();
      idle = count == 0;
      if (count > 0) {
        waits.reset();
        expectedBytes =
            Math.min(MAX_RESPONSE_BYTES, Math.max(bytes, expectedBytes - expectedBytes / 8));
        // A source that was stopped takes no bytes.
        expectedMessageBytes = Math.max(1, bytes / count);
        free();
      } else if (polling) {
        thread.after(waits.next(), UnaryPull.this::free);
      } else if (System.nanoTime() - askedAt < LONGEST_WAIT.toNanos()) {
        // The server did not wait for messages, so asking again must.
        thread.after(LONGEST_WAIT, UnaryPull.this::free);
      } else {
        free();
      }
    }

    private void failed(Throwable failure) {
      end();
      busy--;
      idle = true;
      if (reception.isUnderWay()) {
        arrivals.brokeOff(failure);
      }
      if (stopped) {
        endIfDone();
      } else if (!atOnce && isPatienceOver(failure)) {
        UnaryPull.this.start();
      } else if (!contact.isRecovering()) {
        Throwable why = overlooked ? new TimeoutException("no answer to a pull") : failure;
        contact.recover(why, UnaryPull.this::start);
      }
    }

    /** Returns whether the server waited as long as it was allowed to for a message. */
    private boolean isPatienceOver(Throwable failure) {
      return Failures.code(failure) == Code.DEADLINE_EXCEEDED && !reception.hasBegun();
    }

    private void end() {
      underWay.remove(this);
      asked -= maxMessages;
    }
  }
}
