package io.github.miniscan.pubsub;

import com.google.api.core.ApiFuture;
import com.google.api.gax.rpc.ClientStream;
import com.google.api.gax.rpc.ResponseObserver;
import com.google.api.gax.rpc.StreamController;
import com.google.pubsub.v1.PullResponse;
import com.google.pubsub.v1.StreamingPullRequest;
import com.google.pubsub.v1.StreamingPullResponse;
import io.github.miniscan.pubsub.Connectivity.Contact;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Fetches by one stream at a time. The server ends streams now and then, which is normal; another
 * one is opened.
 *
 * <p>Responses are requested one by one, and only while there is room. A stream is ended by
 * half-closing it: Google's emulator goes on feeding one that is cancelled. Messages that arrive on
 * a stream after it was ended are handed back.
 */
final class StreamingPull implements Puller {

  /** The time that a half-closed stream has to end before it is cancelled. */
  private static final Duration END = Duration.ofSeconds(5);

  /** The time that a stream has to answer before the server is asked in another way. */
  private static final Duration SILENCE = Duration.ofMillis(500);

  /** The age from which a stream counts as working, whether it delivered anything or not. */
  private static final Duration WORKING = Duration.ofSeconds(10);

  private final SubscriptionCalls calls;
  private final SourceThread thread;
  private final Arrivals arrivals;
  private final FlowControl flowControl;
  private final Contact contact;
  private final Timing timing;
  private final boolean mayCancel;
  private final int share;
  private final @Nullable Duration ownLease;
  private final String clientId = UUID.randomUUID().toString();
  private final Set<Stream> open = new HashSet<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Stream current;
  private boolean stopped;

  /**
   * Prepares to fetch; {@link #start} begins.
   *
   * @param mayCancel whether the server forgets a stream that is cancelled
   * @param share the number of streams that share the room
   * @param ownLease the subscription's own; null when it is not known
   */
  StreamingPull(
      SubscriptionCalls calls,
      SourceThread thread,
      Arrivals arrivals,
      FlowControl flowControl,
      Contact contact,
      Timing timing,
      boolean mayCancel,
      int share,
      @Nullable Duration ownLease) {
    this.calls = calls;
    this.thread = thread;
    this.arrivals = arrivals;
    this.flowControl = flowControl;
    this.contact = contact;
    this.timing = timing;
    this.mayCancel = mayCancel;
    this.share = share;
    this.ownLease = ownLease;
  }

  @Override
  public void start() {
    if (stopped || current != null) {
      return;
    }
    Stream stream = new Stream();
    current = stream;
    open.add(stream);
    stream.open();
    thread.after(SILENCE, () -> look(stream));
    thread.after(
        WORKING,
        () -> {
          if (current == stream && contact.isAnswered()) {
            contact.proven();
          }
        });
  }

  /**
   * Pulls one message where the stream is silent: some servers say nothing on a stream until there
   * is a message.
   */
  private void look(Stream stream) {
    if (current != stream || contact.isAnswered()) {
      return;
    }
    Reception reception = stream.lookReception;
    ApiFuture<PullResponse> look = calls.pull(1, true, reception);
    stream.look = look;
    CallResult.of(
        look,
        response -> {
          Duration transfer = Duration.ofNanos(System.nanoTime() - reception.begunAt());
          arrivals.accept(response.getReceivedMessagesList(), ownLease, transfer);
          thread.execute(() -> answered(stream));
        },
        failure -> thread.after(timing.longestRetry(), () -> look(stream)),
        thread::broken);
  }

  private void answered(Stream stream) {
    if (current == stream) {
      contact.answered();
    }
  }

  @Override
  public boolean isIdle() {
    Stream stream = current;
    return stream != null && !stream.reception.isUnderWay();
  }

  @Override
  public void resume() {
    if (current != null) {
      current.request();
    }
  }

  @Override
  public void restart() {
    if (current != null) {
      current.end();
      current = null;
      start();
    }
  }

  @Override
  public void ping() {
    if (current != null && current.isDeaf()) {
      current.end();
      current = null;
      contact.recover(new TimeoutException("no answer on a stream"), this::start);
    } else if (current != null) {
      current.ping();
    }
  }

  @Override
  public void stop() {
    stopped = true;
    if (current != null) {
      current.end();
      current = null;
    }
    endIfDone();
  }

  @Override
  public void awaitEnd(Duration longest) throws InterruptedException {
    ended.await(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void ended(Stream stream, Throwable why) {
    open.remove(stream);
    if (stream == current) {
      current = null;
      contact.recover(why, this::start);
    } else {
      Failures.rethrowError(why);
    }
    endIfDone();
  }

  private void endIfDone() {
    if (stopped && open.isEmpty()) {
      ended.countDown();
    }
  }

  /** A stream from its opening to its end. */
  private final class Stream implements ResponseObserver<StreamingPullResponse> {
    private final AtomicBoolean requested = new AtomicBoolean();
    private volatile boolean ending;
    private volatile boolean answersPings;
    private final long openedAt = System.nanoTime();
    private final Reception reception = new Reception();
    private final Reception lookReception = new Reception();
    private @Nullable ApiFuture<PullResponse> look;
    private @Nullable StreamController controller;
    private @Nullable ClientStream<StreamingPullRequest> requests;
    private volatile boolean over;

    void open() {
      requests = calls.stream(this, reception);
      request();
      send(
          calls.opening(
              clientId,
              Math.max(1, flowControl.maxOutstanding() / share),
              Math.max(1, flowControl.maxBytes() / share)));
      ping();
    }

    @Override
    public void onStart(StreamController streamController) {
      streamController.disableAutoInboundFlowControl();
      controller = streamController;
    }

    /** Requests one more response, when there is room and none is awaited. */
    void request() {
      if ((ending || flowControl.admits(0)) && requested.compareAndSet(false, true)) {
        Objects.requireNonNull(controller).request(1);
      }
    }

    @Override
    public void onResponse(StreamingPullResponse response) {
      try {
        requested.set(false);
        if (!contact.isAnswered()) {
          thread.execute(() -> answered(this));
        }
        if (response.getReceivedMessagesCount() == 0) {
          answersPings = true;
        } else {
          Duration transfer = Duration.ofNanos(System.nanoTime() - reception.begunAt());
          arrivals.accept(response.getReceivedMessagesList(), timing.lease(), transfer);
          contact.proven();
        }
        request();
      } catch (Throwable t) {
        thread.broken(t);
      }
    }

    void ping() {
      send(StreamingPullRequest.getDefaultInstance());
    }

    /** Returns whether the server has never answered, or has stopped answering pings. */
    boolean isDeaf() {
      if (!contact.isAnswered()) {
        Duration age = Duration.ofNanos(System.nanoTime() - openedAt);
        return !reception.hasBegun()
            && !lookReception.hasBegun()
            && age.compareTo(timing.heartbeat().plus(timing.answer())) > 0;
      }
      Duration silence = Duration.ofNanos(System.nanoTime() - reception.heardAt());
      Duration tolerated = timing.heartbeat().multipliedBy(2).plus(timing.answer());
      return answersPings && requested.get() && silence.compareTo(tolerated) > 0;
    }

    void end() {
      ending = true;
      if (look != null && !lookReception.hasBegun()) {
        look.cancel(true);
      }
      request();
      try {
        if (requests != null) {
          requests.closeSend();
        }
      } catch (IllegalStateException alreadyOver) {
        return;
      }
      if (mayCancel) {
        thread.after(
            END,
            () -> {
              if (!over && controller != null) {
                controller.cancel();
              }
            });
      }
    }

    private void send(StreamingPullRequest request) {
      try {
        if (requests != null) {
          requests.send(request);
        }
      } catch (IllegalStateException alreadyOver) {
        // Its end is about to be told.
      }
    }

    @Override
    public void onError(Throwable failure) {
      over = true;
      if (reception.isUnderWay()) {
        arrivals.brokeOff(failure);
      }
      thread.execute(() -> ended(this, failure));
    }

    @Override
    public void onComplete() {
      onError(new IllegalStateException("the server ended the stream"));
    }
  }
}
