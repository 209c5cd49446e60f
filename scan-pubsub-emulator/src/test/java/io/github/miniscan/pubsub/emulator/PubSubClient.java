package io.github.miniscan.pubsub.emulator;

import com.google.protobuf.ByteString;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.ModifyAckDeadlineRequest;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PublisherGrpc;
import com.google.pubsub.v1.PublisherGrpc.PublisherBlockingStub;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.ReceivedMessage;
import com.google.pubsub.v1.StreamingPullRequest;
import com.google.pubsub.v1.StreamingPullResponse;
import com.google.pubsub.v1.SubscriberGrpc;
import com.google.pubsub.v1.SubscriberGrpc.SubscriberBlockingStub;
import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.Topic;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The plain gRPC client of a test, with the few calls that tests make again and again. */
final class PubSubClient implements AutoCloseable {
  static final int PATIENCE_SECONDS = 20;

  private final ManagedChannel channel;

  PubSubClient(String endpoint) {
    this(
        Grpc.newChannelBuilder(endpoint, InsecureChannelCredentials.create())
            .maxInboundMessageSize(20 << 20)
            .build());
  }

  PubSubClient(ManagedChannel channel) {
    this.channel = channel;
  }

  PublisherBlockingStub publisher() {
    return PublisherGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  SubscriberBlockingStub subscriber() {
    return SubscriberGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void createTopic(String topic) {
    publisher().createTopic(Topic.newBuilder().setName(topic).build());
  }

  Subscription createSubscription(String subscription, String topic) {
    return subscriber()
        .createSubscription(
            Subscription.newBuilder().setName(subscription).setTopic(topic).build());
  }

  List<String> publish(String topic, String... texts) {
    return publish(topic, Arrays.stream(texts).map(PubSubClient::message).toList());
  }

  List<String> publish(String topic, List<PubsubMessage> messages) {
    return publisher()
        .publish(PublishRequest.newBuilder().setTopic(topic).addAllMessages(messages).build())
        .getMessageIdsList();
  }

  static PubsubMessage message(String text) {
    return PubsubMessage.newBuilder().setData(ByteString.copyFromUtf8(text)).build();
  }

  /** One pull, which waits for a message. */
  List<ReceivedMessage> pull(String subscription, int maxMessages) {
    return subscriber()
        .pull(
            PullRequest.newBuilder()
                .setSubscription(subscription)
                .setMaxMessages(maxMessages)
                .build())
        .getReceivedMessagesList();
  }

  /** One pull, which does not wait. */
  @SuppressWarnings("deprecation") // What is tested is that it is honoured.
  List<ReceivedMessage> pullNow(String subscription, int maxMessages) {
    return subscriber()
        .pull(
            PullRequest.newBuilder()
                .setSubscription(subscription)
                .setMaxMessages(maxMessages)
                .setReturnImmediately(true)
                .build())
        .getReceivedMessagesList();
  }

  /** Pulls until so many have come. */
  List<ReceivedMessage> pullAll(String subscription, int count) {
    List<ReceivedMessage> received = new ArrayList<>();
    while (received.size() < count) {
      received.addAll(pull(subscription, count - received.size()));
    }
    return received;
  }

  void acknowledge(String subscription, List<ReceivedMessage> messages) {
    acknowledgeIds(subscription, messages.stream().map(ReceivedMessage::getAckId).toList());
  }

  void acknowledgeIds(String subscription, List<String> ackIds) {
    subscriber()
        .acknowledge(
            AcknowledgeRequest.newBuilder()
                .setSubscription(subscription)
                .addAllAckIds(ackIds)
                .build());
  }

  void modifyAckDeadline(String subscription, List<ReceivedMessage> messages, int seconds) {
    subscriber()
        .modifyAckDeadline(
            ModifyAckDeadlineRequest.newBuilder()
                .setSubscription(subscription)
                .addAllAckIds(messages.stream().map(ReceivedMessage::getAckId).toList())
                .setAckDeadlineSeconds(seconds)
                .build());
  }

  static String text(ReceivedMessage received) {
    return received.getMessage().getData().toStringUtf8();
  }

  static List<String> texts(List<ReceivedMessage> received) {
    return received.stream().map(PubSubClient::text).toList();
  }

  Stream open(String subscription) {
    return open(opening(subscription).build());
  }

  static StreamingPullRequest.Builder opening(String subscription) {
    return StreamingPullRequest.newBuilder()
        .setSubscription(subscription)
        .setStreamAckDeadlineSeconds(10)
        .setClientId("test");
  }

  Stream open(StreamingPullRequest opening) {
    return new Stream(opening);
  }

  SlowStream openSlowly(String subscription) {
    return new SlowStream(opening(subscription).build());
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** A streaming pull that reads an answer only when the test asks for it. */
  final class SlowStream implements AutoCloseable {
    private final ClientCall<StreamingPullRequest, StreamingPullResponse> call =
        channel.newCall(SubscriberGrpc.getStreamingPullMethod(), CallOptions.DEFAULT);
    private final BlockingQueue<StreamingPullResponse> answers = new LinkedBlockingQueue<>();

    SlowStream(StreamingPullRequest opening) {
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(StreamingPullResponse answer) {
              answers.add(answer);
            }
          },
          new Metadata());
      call.sendMessage(opening);
    }

    List<ReceivedMessage> next() {
      call.request(1);
      try {
        StreamingPullResponse answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
          throw new AssertionError("no answer within " + PATIENCE_SECONDS + " s");
        }
        return answer.getReceivedMessagesList();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      call.cancel("the test is over", null);
    }
  }

  /** A streaming pull that notes what comes. */
  final class Stream implements AutoCloseable {
    private final BlockingQueue<ReceivedMessage> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<StreamingPullResponse> emptyAnswers = new LinkedBlockingQueue<>();
    private final AtomicInteger largestAnswer = new AtomicInteger();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final Context.CancellableContext context = Context.current().withCancellation();
    private final StreamObserver<StreamingPullRequest> requests;

    Stream(StreamingPullRequest opening) {
      Context outer = context.attach();
      try {
        requests = connect();
      } finally {
        context.detach(outer);
      }
      requests.onNext(opening);
    }

    private StreamObserver<StreamingPullRequest> connect() {
      return SubscriberGrpc.newStub(channel)
          .streamingPull(
              new StreamObserver<>() {
                @Override
                public void onNext(StreamingPullResponse answer) {
                  largestAnswer.accumulateAndGet(answer.getSerializedSize(), Math::max);
                  if (answer.getReceivedMessagesCount() == 0) {
                    emptyAnswers.add(answer);
                  }
                  received.addAll(answer.getReceivedMessagesList());
                }

                @Override
                public void onError(Throwable error) {
                  end.complete(Status.fromThrowable(error));
                }

                @Override
                public void onCompleted() {
                  end.complete(Status.OK);
                }
              });
    }

    void send(StreamingPullRequest request) {
      requests.onNext(request);
    }

    void ack(ReceivedMessage message) {
      send(StreamingPullRequest.newBuilder().addAckIds(message.getAckId()).build());
    }

    void nack(ReceivedMessage message) {
      send(
          StreamingPullRequest.newBuilder()
              .addModifyDeadlineAckIds(message.getAckId())
              .addModifyDeadlineSeconds(0)
              .build());
    }

    ReceivedMessage take() {
      try {
        ReceivedMessage next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("no message within " + PATIENCE_SECONDS + " s");
        }
        return next;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    List<ReceivedMessage> take(int count) {
      List<ReceivedMessage> taken = new ArrayList<>();
      while (taken.size() < count) {
        taken.add(take());
      }
      return taken;
    }

    /** Waits for an answer without messages. */
    void awaitEmptyAnswer() {
      try {
        if (emptyAnswers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
          throw new AssertionError("no empty answer within " + PATIENCE_SECONDS + " s");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** What has come and was not taken. */
    int waiting() {
      return received.size();
    }

    int largestAnswer() {
      return largestAnswer.get();
    }

    void halfClose() {
      requests.onCompleted();
    }

    Status awaitEnd() {
      try {
        return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException | TimeoutException | ExecutionException e) {
        throw new AssertionError("the stream did not end", e);
      }
    }

    /** Breaks the stream off, as a client that dies does. */
    @Override
    public void close() {
      context.cancel(null);
    }
  }
}
