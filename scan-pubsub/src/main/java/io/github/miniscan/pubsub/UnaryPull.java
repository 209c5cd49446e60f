package io.github.miniscan.pubsub;

import com.google.api.core.ApiFuture;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.pubsub.v1.PullResponse;
import io.github.miniscan.pubsub.Connectivity.Contact;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Fetches by calls, several at a time while there is something to fetch, one while there is not.
 *
 * <p>A response can not be refused, so room for it is set aside before: as much as the largest of
 * late took. Where sizes jump, each call under way may exceed that once, by 10 MB at the most.
 */
final class UnaryPull implements Puller {

  /** The service returns no more than that in one response. */
  static final long MAX_RESPONSE_BYTES = 10L << 20;

  private static final int MAX_MESSAGES = 1_000;

  /** An empty response that comes sooner than that was no long poll: asking again must wait. */
  private static final Duration SOON = Duration.ofMillis(100);

  private final SubscriptionCalls calls;
  private final SourceThread thread;
  private final Intake intake;
  private final Room room;
  private final Contact contact;
  private final Duration longestPull;
  private final int maxParallel;
  private final @Nullable Duration leaseLength;
  private final Set<ApiFuture<PullResponse>> underWay = new HashSet<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private int busy;
  private boolean stopped;
  private boolean idle;
  private long expectedBytes = MAX_RESPONSE_BYTES;
  private long expectedMessageBytes = 1_000;

  /**
   * @param longestPull how long a call may wait for the first message
   * @param leaseLength the subscription's own; null when it is not known
   */
  UnaryPull(
      SubscriptionCalls calls,
      SourceThread thread,
      Intake intake,
      Room room,
      Contact contact,
      Duration longestPull,
      int maxParallel,
      @Nullable Duration leaseLength) {
    this.calls = calls;
    this.thread = thread;
    this.intake = intake;
    this.room = room;
    this.contact = contact;
    this.longestPull = longestPull;
    this.maxParallel = maxParallel;
    this.leaseLength = leaseLength;
  }

  @Override
  public void start() {
    while (!stopped
        && !contact.isRecovering()
        && busy < (idle ? 1 : maxParallel)
        && room.admits(busy * expectedBytes)) {
      pull();
    }
  }

  @Override
  public void resume() {
    start();
  }

  private void pull() {
    long free = room.freeBytes() - busy * expectedBytes;
    long fitting = Math.min(room.freeCount(), free / expectedMessageBytes);
    int maxMessages = (int) Math.max(1, Math.min(MAX_MESSAGES, fitting));
    long askedAt = System.nanoTime();
    busy++;
    ApiFuture<PullResponse> call = calls.pull(maxMessages, longestPull);
    underWay.add(call);
    Outcome.of(
        call,
        response -> {
          // Taken in right here, so that responses are handled side by side.
          long bytes = intake.accept(response.getReceivedMessagesList(), leaseLength);
          int count = response.getReceivedMessagesCount();
          thread.execute(() -> answered(call, count, bytes, askedAt));
        },
        failure -> thread.execute(() -> failed(call, failure)),
        thread::broken);
  }

  private void answered(ApiFuture<PullResponse> call, int count, long bytes, long askedAt) {
    underWay.remove(call);
    contact.proven();
    idle = count == 0;
    if (count > 0) {
      expectedBytes =
          Math.min(MAX_RESPONSE_BYTES, Math.max(bytes, expectedBytes - expectedBytes / 8));
      expectedMessageBytes = bytes / count;
      free();
    } else if (System.nanoTime() - askedAt < SOON.toNanos()) {
      thread.after(SOON, this::free);
    } else {
      free();
    }
  }

  private void failed(ApiFuture<PullResponse> call, Throwable failure) {
    underWay.remove(call);
    busy--;
    // Nothing came in time: whether the server is alive is for the heartbeat to say.
    boolean nothing = Failures.code(failure) == Code.DEADLINE_EXCEEDED;
    idle = true;
    if (stopped) {
      endIfDone();
    } else if (nothing) {
      start();
    } else if (!contact.isRecovering()) {
      contact.recover(failure, this::start);
    }
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
    List.copyOf(underWay).forEach(call -> call.cancel(true));
  }

  @Override
  public void ping() {}

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

  @Override
  public void awaitEnd(Duration longest) throws InterruptedException {
    if (!ended.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
      thread.execute(() -> List.copyOf(underWay).forEach(call -> call.cancel(true)));
    }
  }
}
