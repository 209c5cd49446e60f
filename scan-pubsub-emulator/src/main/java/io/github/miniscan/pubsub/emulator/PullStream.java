package io.github.miniscan.pubsub.emulator;

import com.google.protobuf.ByteString;
import com.google.pubsub.v1.StreamingPullRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.function.Supplier;

/**
 * One open streaming pull: what its client said that it can take, and the way to it. The limits and
 * the counts belong to the queue, which guards them; the way out guards itself.
 */
final class PullStream {
  private static final int MIN_ACK_DEADLINE_SECONDS = 10;
  private static final int MAX_ACK_DEADLINE_SECONDS = 600;

  final long maxMessages;
  final long maxBytes;
  int ackDeadlineSeconds;
  long outstandingMessages;
  long outstandingBytes;

  private final ServerCallStreamObserver<Deliveries> client;
  private boolean ended;

  PullStream(StreamingPullRequest opening, ServerCallStreamObserver<Deliveries> client) {
    checkAckDeadline(opening.getStreamAckDeadlineSeconds());
    this.client = client;
    this.ackDeadlineSeconds = opening.getStreamAckDeadlineSeconds();
    this.maxMessages = orUnlimited(opening.getMaxOutstandingMessages());
    this.maxBytes = orUnlimited(opening.getMaxOutstandingBytes());
  }

  static void checkAckDeadline(int seconds) {
    if (seconds < MIN_ACK_DEADLINE_SECONDS || seconds > MAX_ACK_DEADLINE_SECONDS) {
      throw Status.INVALID_ARGUMENT
          .withDescription("stream_ack_deadline_seconds out of range: " + seconds + " (10 to 600)")
          .asRuntimeException();
    }
  }

  /** False while the connection has not yet taken what was sent: sending more would only buffer. */
  boolean isReady() {
    return client.isReady();
  }

  /**
   * Sends what is taken from the queue, and takes nothing once the stream has ended: whatever is
   * leased to a stream leaves before its end does. Tells whether there was something.
   */
  synchronized boolean sendNext(Supplier<Deliveries> queue) {
    if (ended) {
      return false;
    }
    Deliveries deliveries = queue.get();
    if (deliveries.count() == 0) {
      return false;
    }
    client.onNext(deliveries);
    return true;
  }

  /** Says that the server is there. */
  synchronized void answerPing() {
    if (!ended) {
      client.onNext(new Deliveries(ByteString.EMPTY));
    }
  }

  synchronized void complete() {
    if (!ended) {
      ended = true;
      client.onCompleted();
    }
  }

  synchronized void fail(Status status) {
    if (!ended) {
      ended = true;
      client.onError(status.asRuntimeException());
    }
  }

  /** The client is gone: nothing is sent any more. */
  synchronized void abandon() {
    ended = true;
  }

  private static long orUnlimited(long limit) {
    return limit <= 0 ? Long.MAX_VALUE : limit;
  }
}
