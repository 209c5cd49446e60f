package io.github.miniscan.bench.contestants;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.api.gax.batching.BatchingSettings;
import com.google.api.gax.batching.FlowControlSettings;
import com.google.api.gax.batching.FlowController.LimitExceededBehavior;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.pubsub.v1.Publisher;
import com.google.protobuf.UnsafeByteOperations;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PublishResponse;
import com.google.pubsub.v1.PublisherGrpc;
import com.google.pubsub.v1.PublisherGrpc.PublisherStub;
import com.google.pubsub.v1.PubsubMessage;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Publishes what {@code publish} publishes with the bare client library: by its {@code Publisher}
 * with the same limits of a batch, or by calls of a thousand messages on the stub beneath it. Like
 * {@code publish} it makes each message up as it goes.
 */
public final class BarePublisher {

  private static final int MAX_MESSAGES = 1_000;
  private static final long MAX_BYTES = 1 << 20;
  private static final long PENDING_MESSAGES = 100_000;
  private static final long PENDING_BYTES = 32 << 20;
  private static final int MAX_CALLS = 4;

  private BarePublisher() {}

  /**
   * Publishes, and ends when all is confirmed.
   *
   * @param args the server's endpoint, the topic's full name, {@code client} or {@code stub}, and
   *     seed, count and keys of realistic traffic
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int count = Integer.parseInt(args[4]);
    TrafficGenerator traffic =
        new TrafficGenerator(
            TrafficOptions.realistic(Long.parseLong(args[3]))
                .withKeys(Integer.parseInt(args[5]))
                .withMalformed(0));
    if (args[2].equals("client")) {
      byClient(args[0], args[1], traffic, count);
    } else {
      byStub(args[0], args[1], traffic, count);
    }
    System.exit(0);
  }

  private static PubsubMessage next(TrafficGenerator traffic) {
    return PubsubMessage.newBuilder()
        .setData(UnsafeByteOperations.unsafeWrap(traffic.next().payload()))
        .build();
  }

  private static void byClient(String endpoint, String topic, TrafficGenerator traffic, int count)
      throws IOException, InterruptedException {
    Publisher publisher =
        Publisher.newBuilder(topic)
            .setChannelProvider(
                InstantiatingGrpcChannelProvider.newBuilder()
                    .setEndpoint(endpoint)
                    .setChannelConfigurator(channel -> channel.usePlaintext())
                    .build())
            .setCredentialsProvider(NoCredentialsProvider.create())
            .setBatchingSettings(
                BatchingSettings.newBuilder()
                    .setElementCountThreshold((long) MAX_MESSAGES)
                    .setRequestByteThreshold(MAX_BYTES)
                    .setDelayThresholdDuration(Duration.ofMillis(10))
                    .setFlowControlSettings(
                        FlowControlSettings.newBuilder()
                            .setMaxOutstandingElementCount(PENDING_MESSAGES)
                            .setMaxOutstandingRequestBytes(PENDING_BYTES)
                            .setLimitExceededBehavior(LimitExceededBehavior.Block)
                            .build())
                    .build())
            .build();
    for (int i = 0; i < count; i++) {
      ApiFuture<String> id = publisher.publish(next(traffic));
      ApiFutures.addCallback(id, new EndAtFailure(), Runnable::run);
    }
    publisher.shutdown();
    publisher.awaitTermination(1, TimeUnit.MINUTES);
  }

  private static void byStub(String endpoint, String topic, TrafficGenerator traffic, int count)
      throws InterruptedException {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(endpoint).usePlaintext().build();
    PublisherStub stub = PublisherGrpc.newStub(channel);
    Semaphore calls = new Semaphore(MAX_CALLS);
    PublishRequest.Builder request = PublishRequest.newBuilder().setTopic(topic);
    for (int i = 1; i <= count; i++) {
      request.addMessages(next(traffic));
      if (request.getMessagesCount() == MAX_MESSAGES || i == count) {
        calls.acquire();
        stub.publish(request.build(), new Confirmation(calls));
        request = PublishRequest.newBuilder().setTopic(topic);
      }
    }
    calls.acquire(MAX_CALLS);
    channel.shutdown();
  }

  private static void end(Throwable failure) {
    System.err.println("bare publisher: " + failure);
    Runtime.getRuntime().halt(1);
  }

  private static final class EndAtFailure implements ApiFutureCallback<String> {
    @Override
    public void onSuccess(String id) {}

    @Override
    public void onFailure(Throwable failure) {
      end(failure);
    }
  }

  private record Confirmation(Semaphore calls) implements StreamObserver<PublishResponse> {
    @Override
    public void onNext(PublishResponse response) {}

    @Override
    public void onError(Throwable failure) {
      end(failure);
    }

    @Override
    public void onCompleted() {
      calls.release();
    }
  }
}
