package io.github.miniscan.pubsub;

import com.google.api.core.ApiFuture;
import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.rpc.ClientStream;
import com.google.api.gax.rpc.ResponseObserver;
import com.google.cloud.pubsub.v1.stub.SubscriberStub;
import com.google.protobuf.Empty;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.GetSubscriptionRequest;
import com.google.pubsub.v1.ModifyAckDeadlineRequest;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.PullResponse;
import com.google.pubsub.v1.StreamingPullRequest;
import com.google.pubsub.v1.StreamingPullResponse;
import com.google.pubsub.v1.Subscription;
import io.grpc.CallOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The calls that concern one subscription. */
final class SubscriptionCalls {

  /** The longest possible lease: a message that takes longer to arrive is redelivered anyway. */
  private static final Duration LONGEST_PULL = Duration.ofMinutes(10);

  private final SubscriberStub stub;
  private final String subscription;
  private final Timing timing;

  SubscriptionCalls(SubscriberStub stub, String subscription, Timing timing) {
    this.stub = stub;
    this.subscription = subscription;
    this.timing = timing;
  }

  ApiFuture<Subscription> get(Duration longest) {
    return stub.getSubscriptionCallable()
        .futureCall(
            GetSubscriptionRequest.newBuilder().setSubscription(subscription).build(),
            within(longest));
  }

  /**
   * Pulls within {@link #LONGEST_PULL}.
   *
   * @param atOnce whether the server answers at once even when there are no messages
   * @param reception observes the response
   */
  @SuppressWarnings("deprecation") // Discouraged on Google Cloud, where only first pulls use it.
  ApiFuture<PullResponse> pull(int maxMessages, boolean atOnce, Reception reception) {
    return stub.pullCallable()
        .futureCall(
            PullRequest.newBuilder()
                .setSubscription(subscription)
                .setMaxMessages(maxMessages)
                .setReturnImmediately(atOnce)
                .build(),
            observedBy(reception).withTimeoutDuration(LONGEST_PULL));
  }

  ClientStream<StreamingPullRequest> stream(
      ResponseObserver<StreamingPullResponse> observer, Reception reception) {
    return stub.streamingPullCallable()
        .splitCall(
            observer,
            observedBy(reception)
                .withExtraHeaders(
                    Map.of("x-goog-request-params", List.of("subscription=" + subscription))));
  }

  ApiFuture<Empty> acknowledge(List<String> ackIds) {
    return stub.acknowledgeCallable()
        .futureCall(
            AcknowledgeRequest.newBuilder()
                .setSubscription(subscription)
                .addAllAckIds(ackIds)
                .build(),
            within(timing.answer()));
  }

  /** Sets the time from now until leases end; zero hands the messages back. */
  ApiFuture<Empty> lease(List<String> ackIds, Duration length) {
    return stub.modifyAckDeadlineCallable()
        .futureCall(
            ModifyAckDeadlineRequest.newBuilder()
                .setSubscription(subscription)
                .addAllAckIds(ackIds)
                .setAckDeadlineSeconds((int) length.toSeconds())
                .build(),
            within(timing.answer()));
  }

  /** Returns the first request of a stream. */
  StreamingPullRequest opening(String clientId, long maxMessages, long maxBytes) {
    return StreamingPullRequest.newBuilder()
        .setSubscription(subscription)
        .setStreamAckDeadlineSeconds(streamAckDeadline())
        .setClientId(clientId)
        .setMaxOutstandingMessages(maxMessages)
        .setMaxOutstandingBytes(maxBytes)
        // Asks for answers to pings, where the server knows them.
        .setProtocolVersion(1)
        .build();
  }

  /** Returns the lease of messages on a stream; the service requires 10 seconds or more. */
  private int streamAckDeadline() {
    return (int) Math.max(10, timing.lease().toSeconds());
  }

  private static GrpcCallContext observedBy(Reception reception) {
    return GrpcCallContext.createDefault()
        .withCallOptions(CallOptions.DEFAULT.withStreamTracerFactory(reception));
  }

  private static GrpcCallContext within(Duration longest) {
    return GrpcCallContext.createDefault().withTimeoutDuration(longest);
  }

  void close() {
    stub.close();
  }
}
