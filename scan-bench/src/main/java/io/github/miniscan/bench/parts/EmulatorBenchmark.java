package io.github.miniscan.bench.parts;

import com.google.protobuf.ByteString;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PublishResponse;
import com.google.pubsub.v1.PublisherGrpc;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.PullResponse;
import com.google.pubsub.v1.ReceivedMessage;
import com.google.pubsub.v1.SubscriberGrpc;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Our Pub/Sub server over loopback gRPC, by blocking calls with a thousand messages each, one after
 * the other: messages a second.
 *
 * <p>To be compared with the rates of the harness, which this server must not limit: its own part
 * of them can be no more than is shown here, where the client waits while the server works and the
 * server while the client does.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EmulatorBenchmark {

  private static final Logger GRPC = Logger.getLogger("io.grpc");
  private static final int MESSAGES = 1_000;
  private static final String TOPIC =
      "projects/" + PubSubEmulator.KIT_PROJECT + "/topics/" + PubSubEmulator.KIT_TOPIC;
  private static final String SUBSCRIPTION =
      "projects/"
          + PubSubEmulator.KIT_PROJECT
          + "/subscriptions/"
          + PubSubEmulator.KIT_SUBSCRIPTION;

  /** A server, and a client of it. */
  @State(Scope.Benchmark)
  public static class Connected {
    private final PublishRequest publish =
        PublishRequest.newBuilder().setTopic(TOPIC).addAllMessages(messages()).build();
    private final PullRequest pull =
        PullRequest.newBuilder().setSubscription(SUBSCRIPTION).setMaxMessages(MESSAGES).build();
    private PubSubEmulator emulator;
    private ManagedChannel channel;
    private PublisherGrpc.PublisherBlockingStub publisher;
    private SubscriberGrpc.SubscriberBlockingStub subscriber;

    private static List<PubsubMessage> messages() {
      return Stream.generate(new TrafficGenerator(TrafficOptions.realistic(1))::next)
          .limit(MESSAGES)
          .map(message -> ByteString.copyFrom(message.payload()))
          .map(payload -> PubsubMessage.newBuilder().setData(payload).build())
          .toList();
    }

    @Setup
    public void connect() throws IOException {
      GRPC.setLevel(java.util.logging.Level.WARNING);
      emulator = PubSubEmulator.start();
      emulator.createKit();
      channel =
          Grpc.newChannelBuilder(emulator.endpoint(), InsecureChannelCredentials.create())
              .maxInboundMessageSize(20 << 20)
              .build();
      publisher = PublisherGrpc.newBlockingStub(channel);
      subscriber = SubscriberGrpc.newBlockingStub(channel);
    }

    @TearDown
    public void disconnect() {
      channel.shutdownNow();
      emulator.close();
    }

    private PublishResponse publish() {
      return publisher.publish(publish);
    }

    private int pullAndAck() {
      int settled = 0;
      while (settled < MESSAGES) {
        PullResponse pulled = subscriber.pull(pull);
        AcknowledgeRequest.Builder ack =
            AcknowledgeRequest.newBuilder().setSubscription(SUBSCRIPTION);
        for (ReceivedMessage message : pulled.getReceivedMessagesList()) {
          ack.addAckIds(message.getAckId());
        }
        if (ack.getAckIdsCount() > 0) {
          subscriber.acknowledge(ack.build());
        }
        settled += ack.getAckIdsCount();
      }
      return settled;
    }
  }

  /** Takes away what was published, so that no backlog grows. */
  @State(Scope.Benchmark)
  public static class Emptied {
    @TearDown(Level.Invocation)
    public void empty(Connected connected) {
      connected.pullAndAck();
    }
  }

  /** Publishes what is to be pulled. */
  @State(Scope.Benchmark)
  public static class Filled {
    @Setup(Level.Invocation)
    public void fill(Connected connected) {
      connected.publish();
    }
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public PublishResponse publish(Connected connected, Emptied afterwards) {
    return connected.publish();
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public int pullAndAck(Connected connected, Filled before) {
    return connected.pullAndAck();
  }
}
