package io.github.miniscan.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.SourceListener;
import io.github.miniscan.ingest.SourceListener.AcksGivenUp;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.Rpc;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.ArgumentCaptor;
import org.mockito.verification.VerificationWithTimeout;

/** The events that a listener is told. */
class SourceEventsTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final SourceListener listener = mock(SourceListener.class);

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void tellsOnceThatTheConnectionIsLostAndThatItIsFound(PullMode mode) throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(mode)) {
      queue.tell(listener);
      try (PubSubSource source = queue.open(ByteBudget.ofHeap(), EmulatorQueue.QUICK)) {
        String server = "the emulator at " + queue.emulator().endpoint();
        await().atMost(SOON).until(source::isConnected);
        verify(listener, never()).connectionLost(any());

        queue.goAway();
        verify(listener, soon())
            .connectionLost(
                argThat(
                    event ->
                        event.reason().equals(server + " cannot be reached: connection refused")));
        verify(listener, never()).connectionFound(any());

        queue.comeBack();
        verify(listener, soon()).connectionFound(argThat(event -> !event.lostFor().isNegative()));
        assertThat(source.isConnected()).isTrue();
        verify(listener).connectionLost(any());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void tellsThatTheSubscriptionIsGone(PullMode mode) throws Exception {
    Timing attentive =
        EmulatorQueue.QUICK.withHeartbeat(Duration.ofMillis(200), Duration.ofSeconds(5));
    try (EmulatorQueue queue = new EmulatorQueue(mode)) {
      queue.tell(listener);
      try (PubSubSource source = queue.open(ByteBudget.ofHeap(), attentive)) {
        await().atMost(SOON).until(source::isConnected);
        queue.deleteSubscription();
        verify(listener, soon())
            .connectionLost(argThat(event -> event.reason().contains("there is no subscription")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void tellsThatLeasesAreExtendedAndThatTheyAreLost(PullMode mode) throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(mode)) {
      queue.tell(listener);
      try (PubSubSource source = queue.open(ByteBudget.ofHeap(), EmulatorQueue.QUICK)) {
        publish(queue, 3);
        List<Delivery> held = receive(source, 3);
        verify(listener, soon().atLeastOnce()).leasesExtended(any());
        verify(listener, never()).leasesLost(any());

        queue.emulator().faults().hangCalls(Rpc.MODIFY_ACK_DEADLINE);
        verify(listener, soon().atLeastOnce()).leasesLost(any());
        assertThat(held).hasSize(3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void tellsThatAcksAreGivenUp(PullMode mode) throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(mode)) {
      queue.tell(listener);
      try (PubSubSource source = queue.open(ByteBudget.ofHeap(), EmulatorQueue.QUICK)) {
        publish(queue, 1);
        queue.emulator().faults().failCall(Rpc.ACKNOWLEDGE, 1, Status.NOT_FOUND);
        receive(source, 1).forEach(Delivery::ack);
        verify(listener, soon()).acksGivenUp(argThat(event -> event.deliveries() == 1));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void tellsThatAcksDidNotLeaveBeforeItClosed(PullMode mode) throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(mode)) {
      queue.tell(listener);
      try (PubSubSource source = queue.open(ByteBudget.ofHeap(), EmulatorQueue.QUICK)) {
        publish(queue, 2);
        List<Delivery> received = receive(source, 2);
        queue.goAway();
        await().atMost(SOON).until(() -> !source.isConnected());
        received.forEach(Delivery::ack);
      }
      // In one call, or each in its own.
      ArgumentCaptor<AcksGivenUp> events = ArgumentCaptor.forClass(AcksGivenUp.class);
      verify(listener, atLeastOnce()).acksGivenUp(events.capture());
      assertThat(events.getAllValues().stream().mapToInt(AcksGivenUp::deliveries).sum())
          .isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void tellsThatAResponseBrokeOff(PullMode mode) throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(mode);
        SlowLink link = new SlowLink(queue.emulator().port(), 400_000, Duration.ZERO)) {
      queue.publish(new byte[9_000_000], Map.of()).join();
      try (PubSubSource source =
          PubSubSource.open(
              PubSubServer.emulator(link.address()),
              PubSubOptions.of(PubSubEmulator.KIT_PROJECT, PubSubEmulator.KIT_SUBSCRIPTION)
                  .withPullMode(mode)
                  .withListener(listener),
              ByteBudget.ofHeap())) {
        await()
            .atMost(SOON)
            .until(() -> queue.counts().outstanding() == 1 && link.carried() > 500_000);
        assertThat(source.isIdle()).isFalse();
        link.cut();
        verify(listener, soon())
            .responseBroken(argThat(event -> event.reason().contains(link.address())));
      }
    }
  }

  private static VerificationWithTimeout soon() {
    return timeout(SOON.toMillis());
  }

  private static void publish(EmulatorQueue queue, int count) throws Exception {
    List<CompletableFuture<String>> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(queue.publish(new byte[] {(byte) i}, Map.of()));
    }
    ids.forEach(CompletableFuture::join);
  }

  private static List<Delivery> receive(PubSubSource source, int count) throws Exception {
    List<Delivery> received = new ArrayList<>();
    while (received.size() < count) {
      List<Delivery> some = source.receive(count, SOON);
      assertThat(some).as("after %s", received.size()).isNotEmpty();
      received.addAll(some);
    }
    return received;
  }
}
