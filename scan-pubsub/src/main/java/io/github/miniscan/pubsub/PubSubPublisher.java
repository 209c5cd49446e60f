package io.github.miniscan.pubsub;

import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.pubsub.v1.stub.PublisherStub;
import com.google.protobuf.UnsafeByteOperations;
import com.google.pubsub.v1.GetTopicRequest;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PublishResponse;
import com.google.pubsub.v1.PubsubMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to a Pub/Sub topic, many messages to a call.
 *
 * <p>Messages leave at once; while calls are under way, more gather for the next. A call that fails
 * is retried for a minute, so a message may be published twice. The bytes under way are bounded:
 * {@link #publish} waits for room. Every failure is found in the future of its message. All methods
 * are safe for use by several threads.
 */
public final class PubSubPublisher implements AutoCloseable {

  private static final int MAX_MESSAGES = 1_000;
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_CALLS = 4;

  /** The service's limit for a request, and so for a message with its attributes. */
  private static final int MAX_REQUEST_BYTES = 10 << 20;

  /** The memory that a message takes beside its payload and attributes. */
  private static final int OVERHEAD = 300;

  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(1);

  private final Connection connection;
  private final PublisherStub stub;
  private final PubSubServer server;
  private final String topic;
  private final long maxPending =
      Math.max(1 << 20, Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 8));
  private final Duration giveUpAfter;
  private final Queue<Pending> waiting = new ArrayDeque<>();
  private final Set<Pending> unconfirmed = new HashSet<>();
  private long pendingBytes;
  private int calls;
  private boolean closed;
  private @Nullable Throwable broken;

  private PubSubPublisher(
      Connection connection, PubSubServer server, String topic, Duration giveUpAfter) {
    this.giveUpAfter = giveUpAfter;
    this.connection = connection;
    connection.thread().onBroken(this::broken);
    this.stub = connection.publisher();
    this.server = server;
    this.topic = topic;
  }

  /**
   * Connects to a topic. Waits for the server until its connect timeout.
   *
   * @param project the project's id; not used when the topic is given by its full name
   * @param topic its name, or its full name {@code projects/P/topics/T}
   * @throws IllegalArgumentException when a name is malformed
   * @throws PubSubException when there is no server, no such topic, no permission, or no
   *     credentials
   */
  public static PubSubPublisher open(PubSubServer server, String project, String topic)
      throws InterruptedException {
    return open(server, project, topic, GIVE_UP_AFTER);
  }

  static PubSubPublisher open(
      PubSubServer server, String project, String topic, Duration giveUpAfter)
      throws InterruptedException {
    String name = Names.check(Names.full(project, "topics", topic), "topics");
    PubSubPublisher publisher =
        new PubSubPublisher(Connection.to(server, "pubsub-publisher"), server, name, giveUpAfter);
    try {
      publisher.find();
      return publisher;
    } catch (RuntimeException | Error | InterruptedException e) {
      publisher.letGo();
      throw e;
    }
  }

  private void broken(Throwable failure) {
    synchronized (this) {
      broken = failure;
    }
    failAll(failure);
  }

  /** Fails every message that is not confirmed, since no answer comes any more. */
  private void failAll(Throwable failure) {
    List<Pending> lost;
    synchronized (this) {
      waiting.clear();
      lost = List.copyOf(unconfirmed);
    }
    lost.forEach(pending -> pending.id.completeExceptionally(failure));
    forget(lost);
  }

  private synchronized void forget(List<Pending> settled) {
    for (Pending pending : settled) {
      if (unconfirmed.remove(pending)) {
        pendingBytes -= pending.cost;
      }
    }
    notifyAll();
  }

  /** Throws the failure of the publisher's threads, if any: it ends publishing. */
  private void checkUnbroken() {
    if (broken instanceof Error error) {
      throw error;
    }
    if (broken != null) {
      throw new IllegalStateException("the publisher failed: " + broken, broken);
    }
  }

  private void find() throws InterruptedException {
    GetTopicRequest request = GetTopicRequest.newBuilder().setTopic(topic).build();
    try {
      connection.first(
          longest ->
              stub.getTopicCallable()
                  .futureCall(
                      request, GrpcCallContext.createDefault().withTimeoutDuration(longest)),
          Timing.DEFAULT);
    } catch (ApiException e) {
      // An account may publish to a topic without permission to read it.
      if (Failures.code(e) != Code.PERMISSION_DENIED) {
        throw refusal(e);
      }
    }
  }

  /**
   * Publishes one message. Waits while too many bytes are under way.
   *
   * @param payload the bytes, which are not copied and must not change
   * @return the message's id, once the server has confirmed it. It completes exceptionally with a
   *     {@link PubSubException} when the message is too large, is refused, or could not be sent for
   *     a minute. It completes on a thread of this publisher, which must not be blocked
   * @throws IllegalStateException when this publisher was closed
   */
  public CompletableFuture<String> publish(byte[] payload, Map<String, String> attributes)
      throws InterruptedException {
    Pending pending = new Pending(payload, attributes);
    if (pending.message.getSerializedSize() > MAX_REQUEST_BYTES) {
      // Some servers answer as if a quota were exceeded, which would be retried.
      return CompletableFuture.failedFuture(
          new PubSubException(
              "a message of "
                  + payload.length
                  + " bytes is too large: Pub/Sub takes "
                  + MAX_REQUEST_BYTES
                  + " bytes at most, its attributes included"));
    }
    boolean send;
    synchronized (this) {
      checkUnbroken();
      while (!closed && pendingBytes > 0 && pendingBytes + pending.cost > maxPending) {
        wait();
        checkUnbroken();
      }
      if (closed) {
        throw new IllegalStateException("the publisher is closed");
      }
      pendingBytes += pending.cost;
      unconfirmed.add(pending);
      waiting.add(pending);
      send = waiting.size() == 1 && calls < MAX_CALLS;
    }
    if (send) {
      connection.thread().execute(this::send);
    }
    return pending.id;
  }

  /**
   * Waits until every message that was published so far is confirmed or has failed.
   *
   * <p>On return every future that {@link #publish} has returned is complete, exceptionally where
   * its message failed, and the actions attached to it have run. A failed message does not make
   * this method fail.
   */
  public synchronized void flush() throws InterruptedException {
    while (pendingBytes > 0) {
      wait();
    }
    checkUnbroken();
  }

  private void send() {
    List<Pending> batch = nextBatch();
    while (!batch.isEmpty()) {
      new Call(batch, System.nanoTime() + giveUpAfter.toNanos()).send();
      batch = nextBatch();
    }
  }

  private synchronized List<Pending> nextBatch() {
    List<Pending> batch = new ArrayList<>();
    long bytes = 0;
    Pending next = waiting.peek();
    while (calls < MAX_CALLS
        && next != null
        && batch.size() < MAX_MESSAGES
        && (batch.isEmpty() || bytes + next.cost <= MAX_BYTES)) {
      batch.add(next);
      bytes += next.cost;
      waiting.remove();
      next = waiting.peek();
    }
    if (!batch.isEmpty()) {
      calls++;
    }
    return batch;
  }

  private void settled(List<Pending> batch) {
    synchronized (this) {
      calls--;
    }
    forget(batch);
    connection.thread().execute(this::send);
  }

  private PubSubException refusal(List<Pending> batch, Throwable failure) {
    if (Failures.code(failure) == Code.INVALID_ARGUMENT) {
      return new PubSubException(
          server
              + " refuses a message of "
              + batch.get(0).message.getData().size()
              + " bytes for the topic "
              + topic
              + ": "
              + Failures.detail(failure),
          failure);
    }
    if (Failures.isPassing(failure)) {
      return new PubSubException(
          "a message for the topic "
              + topic
              + " could not be published within "
              + giveUpAfter.toSeconds()
              + " s: "
              + connection.trouble(failure),
          failure);
    }
    return refusal(failure);
  }

  private PubSubException refusal(Throwable failure) {
    return connection.refusal(
        failure,
        "topic " + topic,
        () ->
            server.isEmulator()
                ? "create it, or restart the emulator that makes it"
                : "create it with \"gcloud pubsub topics create " + topic + "\"");
  }

  /**
   * Flushes and disconnects. Blocks for about a minute at most. Interruption ends the waiting, and
   * fails the messages that are not confirmed. On return every future is complete, as after {@link
   * #flush}. A second call does nothing.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    try {
      flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      letGo();
      failAll(
          new PubSubException("the publisher was closed before the server confirmed the message"));
    }
  }

  private void letGo() {
    stub.close();
    connection.close();
  }

  /** A message that is not confirmed. */
  private static final class Pending {
    final PubsubMessage message;
    final long cost;
    final CompletableFuture<String> id = new CompletableFuture<>();

    Pending(byte[] payload, Map<String, String> attributes) {
      message =
          PubsubMessage.newBuilder()
              .setData(UnsafeByteOperations.unsafeWrap(payload))
              .putAllAttributes(attributes)
              .build();
      cost = (long) OVERHEAD + message.getSerializedSize();
    }
  }

  /** A call that is retried while the failures are transient. */
  private final class Call {
    private final List<Pending> batch;
    private final long giveUpAt;
    private final Backoff backoff =
        new Backoff(Timing.DEFAULT.firstRetry(), Timing.DEFAULT.longestRetry());

    Call(List<Pending> batch, long giveUpAt) {
      this.batch = batch;
      this.giveUpAt = giveUpAt;
    }

    void send() {
      PublishRequest.Builder request = PublishRequest.newBuilder().setTopic(topic);
      for (Pending pending : batch) {
        request.addMessages(pending.message);
      }
      CallResult.of(
          stub.publishCallable()
              .futureCall(
                  request.build(),
                  GrpcCallContext.createDefault().withTimeoutDuration(PUBLISH_TIMEOUT)),
          this::confirmed,
          failure -> connection.thread().execute(() -> failed(failure)),
          connection.thread()::broken);
    }

    private void confirmed(PublishResponse response) {
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).id.complete(response.getMessageIds(i));
      }
      settled(batch);
    }

    private void failed(Throwable failure) {
      Failures.rethrowError(failure);
      Duration wait = backoff.next();
      if (Failures.isPassing(failure) && System.nanoTime() + wait.toNanos() - giveUpAt < 0) {
        connection.expectServer();
        connection.thread().after(wait, this::send);
      } else if (Failures.code(failure) == Code.INVALID_ARGUMENT && batch.size() > 1) {
        // A message that the server refuses must not fail the others.
        synchronized (PubSubPublisher.this) {
          calls += batch.size() - 1;
        }
        batch.forEach(pending -> new Call(List.of(pending), giveUpAt).send());
      } else {
        fail(refusal(batch, failure));
      }
    }

    private void fail(Throwable failure) {
      batch.forEach(pending -> pending.id.completeExceptionally(failure));
      settled(batch);
    }
  }
}
