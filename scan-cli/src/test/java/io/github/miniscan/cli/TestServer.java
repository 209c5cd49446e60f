package io.github.miniscan.cli;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_TOPIC;
import static org.awaitility.Awaitility.await;

import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.emulator.EmulatorOptions;
import io.github.miniscan.pubsub.emulator.Journal;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.SubscriptionCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Our emulator in this process, with the kit's topic and subscription, and a publisher to it. */
final class TestServer implements AutoCloseable {

  /** More than any lease that a consumer has. */
  private static final Duration ANY_LEASE = Duration.ofSeconds(61);

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(5);

  /** gRPC reports each connection that a killed client leaves behind, with its stack. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final AdvancingClock clock = new AdvancingClock();
  private final PubSubEmulator emulator;
  private final PubSubPublisher publisher;

  private TestServer() throws IOException, InterruptedException {
    GRPC.setLevel(Level.OFF);
    emulator =
        PubSubEmulator.start(
            EmulatorOptions.defaults().withClock(clock).withJournal(Integer.MAX_VALUE));
    emulator.createKit();
    publisher =
        PubSubPublisher.open(PubSubServer.emulator(emulator.endpoint()), KIT_PROJECT, KIT_TOPIC);
  }

  static TestServer start() throws IOException, InterruptedException {
    return new TestServer();
  }

  PubSubEmulator emulator() {
    return emulator;
  }

  /** What {@code --emulator} takes. */
  String address() {
    return emulator.endpoint();
  }

  PubSubPublisher publisher() {
    return publisher;
  }

  /** Publishes messages that are text, and waits until they are published. */
  void publish(String... payloads) throws InterruptedException {
    for (String payload : payloads) {
      publisher.publish(payload.getBytes(StandardCharsets.UTF_8), Map.of()).join();
    }
  }

  SubscriptionCounts counts() {
    return emulator.counts(KIT_PROJECT, KIT_SUBSCRIPTION);
  }

  List<Journal.Entry> journal() {
    return emulator
        .journal()
        .entries("projects/" + KIT_PROJECT + "/subscriptions/" + KIT_SUBSCRIPTION);
  }

  void awaitAcked(long messages) {
    await().atMost(PATIENCE).pollInterval(POLL).until(() -> counts().acked() >= messages);
  }

  void awaitPublished(long messages) {
    await().atMost(PATIENCE).pollInterval(POLL).until(() -> counts().published() >= messages);
  }

  void awaitDelivered(long deliveries) {
    await().atMost(PATIENCE).pollInterval(POLL).until(() -> counts().delivered() >= deliveries);
  }

  /**
   * Ends the leases of consumers that are gone. A connection's end comes to be known a moment after
   * its process ended, and what is sent until then is leased anew.
   */
  void expireLeases() {
    await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .until(
            () -> {
              clock.advance(ANY_LEASE);
              emulator.tick();
              return counts().openStreams() == 0 && counts().outstanding() == 0;
            });
  }

  @Override
  public void close() {
    publisher.close();
    emulator.close();
  }
}
