package io.github.miniscan.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.pubsub.v1.DeadLetterPolicy;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.Topic;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.store.InMemoryScanStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Messages that wait in a subscription behind a slow link. Its dead-letter policy moves a message
 * away after 5 deliveries.
 *
 * @param count how many messages
 * @param size of each, in bytes
 * @param bytesPerSecond of the link
 * @param delay of the link, each way
 */
record SlowDelivery(int count, int size, long bytesPerSecond, Duration delay) {

  static final long UNLIMITED = 1L << 40;

  private static final String PROJECT = "projects/slow-project";
  private static final String TOPIC = PROJECT + "/topics/scan-topic";
  private static final String SUBSCRIPTION = PROJECT + "/subscriptions/scan-sub";
  private static final String DEAD_TOPIC = PROJECT + "/topics/dead-topic";
  private static final String DEAD_SUBSCRIPTION = PROJECT + "/subscriptions/dead-sub";

  /** Receives all of them over the link, and checks that the server moved none away. */
  void arrivesWithin(Duration longest, int serverPort, PullMode mode) throws Exception {
    arrivesWithin(longest, PubSubServer::emulator, serverPort, mode);
  }

  /**
   * The same before another kind of server.
   *
   * @param server tells how to talk to it at an address
   */
  void arrivesWithin(
      Duration longest, Function<String, PubSubServer> server, int serverPort, PullMode mode)
      throws Exception {
    PubSubServer direct = server.apply("127.0.0.1:" + serverPort);
    publishTo(direct);
    try (SlowLink link = new SlowLink(serverPort, bytesPerSecond, delay);
        PubSubSource source =
            PubSubSource.open(
                server.apply(link.address()),
                PubSubOptions.of("", SUBSCRIPTION).withPullMode(mode),
                ByteBudget.ofHeap())) {
      receiveAll(source, longest);
    }
    assertNothingWasMoved(direct);
  }

  /** Runs an engine over the link until it is idle, and checks that it settled all of them. */
  void areSettled(Duration idleLimit, int serverPort, PullMode mode) throws Exception {
    publishTo(PubSubServer.emulator("127.0.0.1:" + serverPort));
    try (SlowLink link = new SlowLink(serverPort, bytesPerSecond, delay);
        InMemoryScanStore store = new InMemoryScanStore();
        PubSubSource source =
            PubSubSource.open(
                PubSubServer.emulator(link.address()),
                PubSubOptions.of("", SUBSCRIPTION).withPullMode(mode),
                ByteBudget.ofHeap())) {
      Decoder<ScanRecord> none =
          message -> {
            throw new RejectedException(Reason.INVALID_DATA, "not a scan");
          };
      IngestCounts counts =
          IngestEngine.builder(source, none, store)
              .options(IngestOptions.defaults().withIdleLimit(idleLimit))
              .build()
              .run();
      assertThat(counts.settled()).isEqualTo(count);
    }
  }

  private void receiveAll(PubSubSource source, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    Set<String> seen = new HashSet<>();
    while (seen.size() < count) {
      assertThat(System.nanoTime())
          .as("%s of %s came within %s", seen.size(), count, longest)
          .isLessThan(end);
      for (Delivery delivery : source.receive(count, Duration.ofMillis(200))) {
        seen.add(new String(delivery.message().payload(), UTF_8).strip());
        delivery.ack();
      }
    }
  }

  private void publishTo(PubSubServer server) throws Exception {
    try (Connection connection = Connection.to(server, "test-publisher")) {
      var publisher = connection.publisher();
      var subscriber = connection.subscriber();
      publisher.createTopicCallable().call(Topic.newBuilder().setName(TOPIC).build());
      publisher.createTopicCallable().call(Topic.newBuilder().setName(DEAD_TOPIC).build());
      subscriber
          .createSubscriptionCallable()
          .call(Subscription.newBuilder().setName(DEAD_SUBSCRIPTION).setTopic(DEAD_TOPIC).build());
      subscriber
          .createSubscriptionCallable()
          .call(
              Subscription.newBuilder()
                  .setName(SUBSCRIPTION)
                  .setTopic(TOPIC)
                  .setAckDeadlineSeconds(10)
                  .setDeadLetterPolicy(
                      DeadLetterPolicy.newBuilder()
                          .setDeadLetterTopic(DEAD_TOPIC)
                          .setMaxDeliveryAttempts(5))
                  .build());
      int inOneCall = Math.min(500, Math.max(1, (9 << 20) / size));
      for (int from = 0; from < count; from += inOneCall) {
        PublishRequest.Builder request = PublishRequest.newBuilder().setTopic(TOPIC);
        for (int i = from; i < Math.min(count, from + inOneCall); i++) {
          byte[] payload = new byte[size];
          Arrays.fill(payload, (byte) ' ');
          byte[] number = Integer.toString(i).getBytes(UTF_8);
          System.arraycopy(number, 0, payload, 0, number.length);
          request.addMessages(PubsubMessage.newBuilder().setData(ByteString.copyFrom(payload)));
        }
        publisher.publishCallable().call(request.build());
      }
    }
  }

  private static void assertNothingWasMoved(PubSubServer server) throws Exception {
    try (PubSubSource dead =
        PubSubSource.open(server, PubSubOptions.of("", DEAD_SUBSCRIPTION), ByteBudget.ofHeap())) {
      List<Delivery> moved = new ArrayList<>();
      while (moved.isEmpty() && !dead.isIdle()) {
        moved.addAll(dead.receive(1, Duration.ofMillis(50)));
      }
      assertThat(moved).as("moved to the dead-letter topic").isEmpty();
    }
  }
}
