package io.github.miniscan.pubsub;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_TOPIC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.SourceException;
import io.github.miniscan.pubsub.emulator.EmulatorOptions;
import io.github.miniscan.pubsub.emulator.Faults;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.Rpc;
import io.grpc.Status;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of this source beside the contract: errors at start, faults, and leaving no trace. */
class PubSubSourceTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  // ---- what can be wrong at start

  @Test
  void saysThatNoServerIsThere() throws Exception {
    String address = "127.0.0.1:" + unusedPort();
    PubSubServer server =
        PubSubServer.emulator(address).withConnectTimeout(Duration.ofMillis(1_200));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> PubSubSource.open(server, options(), ByteBudget.ofHeap()))
        .withMessage(
            "no emulator answers at "
                + address
                + " (waited 1 s): connection refused; start it, or check its address");
  }

  @Test
  void waitsForAServerThatIsStarting() throws Exception {
    int port = unusedPort();
    Thread late =
        new Thread(
            () -> {
              try {
                Thread.sleep(500);
                PubSubEmulator.start(EmulatorOptions.defaults().withPort(port)).createKit();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    late.start();
    PubSubSource.open(PubSubServer.emulator("127.0.0.1:" + port), options(), ByteBudget.ofHeap())
        .close();
    late.join();
  }

  @Test
  void saysWhichSubscriptionIsMissing() throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(
              () ->
                  PubSubSource.open(
                      PubSubServer.emulator(emulator.endpoint()),
                      PubSubOptions.of("my-project", "my-sub"),
                      ByteBudget.ofHeap()))
          .withMessageContaining(
              "there is no subscription projects/my-project/subscriptions/my-sub")
          .withMessageContaining("create it");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void saysThatThePermissionIsMissing(PullMode mode) throws Exception {
    EmulatorOptions closed =
        EmulatorOptions.defaults()
            .withAccess(authorization -> Status.PERMISSION_DENIED.withDescription("not you"));
    try (PubSubEmulator emulator = PubSubEmulator.start(closed);
        PubSubSource source =
            PubSubSource.open(
                PubSubServer.emulator(emulator.endpoint()),
                options().withPullMode(mode),
                ByteBudget.ofHeap())) {
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(() -> source.receive(1, SOON))
          .withMessageContaining("no permission to use the subscription projects/test-project")
          .withMessageContaining("not you");
    }
  }

  @Test
  void worksWhereItMayNotLookAtTheSubscription() throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(PullMode.UNARY)) {
      queue
          .emulator()
          .faults()
          .failCall(Rpc.GET_SUBSCRIPTION, 1, Status.PERMISSION_DENIED.withDescription("no viewer"));
      try (PubSubSource source = queue.open(ByteBudget.ofHeap(), EmulatorQueue.QUICK)) {
        publish(queue, 10);
        drain(source, 10);
      }
      assertThat(queue.counts().acked()).isEqualTo(10);
    }
  }

  // ---- what can go wrong later

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void ridesOutCallsThatFail(PullMode mode) throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(mode);
        PubSubSource source = queue.open(ByteBudget.ofHeap(), EmulatorQueue.QUICK)) {
      Faults faults = queue.emulator().faults();
      for (int call = 1; call <= 3; call++) {
        faults.failCall(Rpc.ACKNOWLEDGE, call, Status.UNAVAILABLE);
        faults.failCall(Rpc.MODIFY_ACK_DEADLINE, call, Status.INTERNAL);
        faults.failCall(Rpc.PULL, call, Status.ABORTED);
        faults.failCall(Rpc.STREAMING_PULL, call, Status.RESOURCE_EXHAUSTED);
        faults.resetStreams(Status.UNAVAILABLE);
      }
      publish(queue, 500);
      drain(source, 500);
      await().atMost(SOON).until(() -> queue.counts().acked() == 500);
      await().atMost(SOON).until(source::isConnected);
    }
  }

  @Test
  void survivesStreamsThatEndAllTheTime() throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(PullMode.STREAMING);
        PubSubSource source = queue.open(ByteBudget.ofHeap(), EmulatorQueue.QUICK)) {
      publish(queue, 3_000);
      Set<String> seen = new HashSet<>();
      while (seen.size() < 3_000) {
        List<Delivery> some = source.receive(300, SOON);
        assertThat(some).isNotEmpty();
        some.forEach(delivery -> seen.add(text(delivery)));
        some.forEach(Delivery::ack);
        queue.emulator().faults().resetStreams(Status.UNAVAILABLE);
      }
      await().atMost(SOON).until(() -> queue.counts().acked() == 3_000);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void deliversAgainWhatTheServerForgotToHaveAcked(PullMode mode) throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(mode);
        PubSubSource source = queue.open(ByteBudget.ofHeap(), EmulatorQueue.QUICK)) {
      queue.emulator().faults().dropAcks(1, 7);
      publish(queue, 20);
      receive(source, 20).forEach(Delivery::ack);
      queue.letPass(Duration.ofMinutes(1));
      List<Delivery> again = receive(source, 20);
      queue.emulator().faults().clear();
      again.forEach(Delivery::ack);
      await().atMost(SOON).until(() -> queue.counts().acked() == 20);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void noticesAServerThatHangsAndGoesOnWhenItAnswers(PullMode mode) throws Exception {
    Timing impatient =
        EmulatorQueue.QUICK.withHeartbeat(Duration.ofMillis(200), Duration.ofMillis(300));
    try (EmulatorQueue queue = new EmulatorQueue(mode);
        PubSubSource source = queue.open(ByteBudget.ofHeap(), impatient)) {
      await().atMost(SOON).until(source::isConnected);
      for (Rpc rpc : Rpc.values()) {
        queue.emulator().faults().hangCalls(rpc);
      }
      await().atMost(SOON).until(() -> !source.isConnected());
      queue.emulator().faults().clear();
      await().atMost(SOON).until(source::isConnected);
      publish(queue, 10);
      drain(source, 10);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void pullsAgainWhereTheServerDoesNotAnswerThePull(PullMode mode) throws Exception {
    Timing impatient =
        EmulatorQueue.QUICK.withHeartbeat(Duration.ofMillis(200), Duration.ofMillis(300));
    try (EmulatorQueue queue = new EmulatorQueue(mode)) {
      queue.emulator().faults().hangCalls(Rpc.PULL);
      queue.emulator().faults().hangCalls(Rpc.STREAMING_PULL);
      try (PubSubSource source = queue.open(ByteBudget.ofHeap(), impatient)) {
        assertThat(source.isConnected()).isFalse();
        queue.emulator().faults().clear();
        await().atMost(SOON).until(source::isConnected);
        publish(queue, 10);
        drain(source, 10);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void givesUpOnASubscriptionThatStaysAway(PullMode mode) throws Exception {
    Timing impatient =
        EmulatorQueue.QUICK
            .withHeartbeat(Duration.ofMillis(200), Duration.ofSeconds(5))
            .withRefusal(Duration.ofSeconds(1));
    try (EmulatorQueue queue = new EmulatorQueue(mode);
        PubSubSource source = queue.open(ByteBudget.ofHeap(), impatient)) {
      queue.deleteSubscription();
      await().atMost(SOON).until(() -> !source.isConnected());
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(() -> source.receive(1, SOON))
          .withMessageContaining("there is no subscription");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void picksUpASubscriptionThatIsCreatedAgain(PullMode mode) throws Exception {
    Timing attentive =
        EmulatorQueue.QUICK.withHeartbeat(Duration.ofMillis(200), Duration.ofSeconds(5));
    try (EmulatorQueue queue = new EmulatorQueue(mode);
        PubSubSource source = queue.open(ByteBudget.ofHeap(), attentive)) {
      queue.deleteSubscription();
      await().atMost(SOON).until(() -> !source.isConnected());
      queue.emulator().createSubscription(KIT_PROJECT, KIT_SUBSCRIPTION, KIT_TOPIC);
      await().atMost(SOON).until(source::isConnected);
      publish(queue, 10);
      drain(source, 10);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void dropsWhatItCouldNotKeepAndDeliversItAgain(PullMode mode) throws Exception {
    ByteBudget budget = ByteBudget.ofHeap();
    try (EmulatorQueue queue = new EmulatorQueue(mode);
        PubSubSource source = queue.open(budget, EmulatorQueue.QUICK)) {
      publish(queue, 20);
      await().atMost(SOON).until(() -> budget.held() > 19 * 512);
      queue.emulator().faults().hangCalls(Rpc.MODIFY_ACK_DEADLINE);
      await().pollDelay(EmulatorQueue.QUICK.lease().plusSeconds(1)).until(() -> true);
      queue.letPass(Duration.ofMinutes(1));
      long end = System.nanoTime() + SOON.toNanos();
      while (queue.counts().acked() < 20) {
        assertThat(System.nanoTime()).isLessThan(end);
        source.receive(100, Duration.ofMillis(100)).forEach(Delivery::ack);
      }
      await().atMost(SOON).until(() -> budget.held() == 0);
    }
  }

  // ---- leaving

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void closesInTimeWhenTheServerIsAway(PullMode mode) throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(mode)) {
      PubSubSource source = queue.open(ByteBudget.ofHeap(), EmulatorQueue.QUICK);
      publish(queue, 10);
      List<Delivery> received = receive(source, 10);
      queue.goAway();
      await().atMost(SOON).until(() -> !source.isConnected());
      received.forEach(Delivery::ack);
      long start = System.nanoTime();
      source.close();
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
    }
  }

  // ---- in words

  private static PubSubOptions options() {
    return PubSubOptions.of(KIT_PROJECT, KIT_SUBSCRIPTION);
  }

  private static int unusedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void publish(EmulatorQueue queue, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      var unused = queue.publish(("message " + i).getBytes(UTF_8), Map.of());
    }
    await().atMost(SOON).until(() -> queue.counts().published() >= count);
  }

  private static List<Delivery> receive(PubSubSource source, int count) throws Exception {
    List<Delivery> received = new ArrayList<>();
    while (received.size() < count) {
      List<Delivery> some = source.receive(count - received.size(), SOON);
      assertThat(some).as("after %s", received.size()).isNotEmpty();
      received.addAll(some);
    }
    return received;
  }

  private static void drain(PubSubSource source, int count) throws Exception {
    Set<String> seen = new HashSet<>();
    while (seen.size() < count) {
      List<Delivery> some = source.receive(count, SOON);
      assertThat(some).as("after %s", seen.size()).isNotEmpty();
      some.forEach(delivery -> seen.add(text(delivery)));
      some.forEach(Delivery::ack);
    }
  }

  private static String text(Delivery delivery) {
    return new String(delivery.message().payload(), UTF_8);
  }
}
