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
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The calls that concern one subscription. */
final class SubscriptionCalls {

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

  ApiFuture<PullResponse> pull(int maxMessages, Duration longest) {
    return stub.pullCallable()
        .futureCall(
            PullRequest.newBuilder()
                .setSubscription(subscription)
                .setMaxMessages(maxMessages)
                .build(),
            within(longest));
  }

  ClientStream<StreamingPullRequest> stream(ResponseObserver<StreamingPullResponse> observer) {
    return stub.streamingPullCallable()
        .splitCall(
            observer,
            GrpcCallContext.createDefault()
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

  /** Lets leases end this long from now; zero hands the messages back. */
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

  /** The first request of a stream. */
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

  /** The service takes no less than 10 seconds. */
  private int streamAckDeadline() {
    return (int) Math.max(10, timing.lease().toSeconds());
  }

  private static GrpcCallContext within(Duration longest) {
    return GrpcCallContext.createDefault().withTimeoutDuration(longest);
  }

  void close() {
    stub.close();
  }
}
