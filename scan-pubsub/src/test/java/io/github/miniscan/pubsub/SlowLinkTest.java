package io.github.miniscan.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Slow is slow, and neither lost nor moved away: the quick forms of {@link SlowLinkIT}. */
class SlowLinkTest {

  private static final Duration LONG = Duration.ofSeconds(25);

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void aMessageThatTakesSecondsArrives(PullMode mode) throws Exception {
    arrives(new SlowDelivery(1, 9_300_000, 4_000_000, Duration.ZERO), mode);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void manySmallMessagesArriveThroughANarrowLink(PullMode mode) throws Exception {
    arrives(new SlowDelivery(1_500, 130, 100_000, Duration.ZERO), mode);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void messagesArriveFromFarAway(PullMode mode) throws Exception {
    arrives(new SlowDelivery(200, 130, SlowDelivery.UNLIMITED, Duration.ofMillis(800)), mode);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void largeMessagesArriveThroughANarrowLink(PullMode mode) throws Exception {
    arrives(new SlowDelivery(6, 1_300_000, 3_000_000, Duration.ZERO), mode);
  }

  /** Before the first answer, silence says nothing. */
  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void isConnectedOnceTheServerHasAnswered(PullMode mode) throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start();
        SlowLink link =
            new SlowLink(emulator.port(), SlowDelivery.UNLIMITED, Duration.ofMillis(300))) {
      emulator.createKit();
      try (PubSubSource source =
          PubSubSource.open(
              PubSubServer.emulator(link.address()),
              PubSubOptions.of("test-project", "scan-sub").withPullMode(mode),
              ByteBudget.ofHeap())) {
        assertThat(source.isConnected()).isFalse();
        assertThat(source.isIdle()).isFalse();
        await().atMost(LONG).until(source::isConnected);
        await().atMost(LONG).until(source::isIdle);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void anIdleLimitDoesNotEndARunBeforeTheFirstAnswer(PullMode mode) throws Exception {
    isSettled(
        new SlowDelivery(300, 130, SlowDelivery.UNLIMITED, Duration.ofMillis(800)),
        mode,
        Duration.ofMillis(500));
  }

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void anIdleLimitDoesNotEndARunWhileAMessageArrives(PullMode mode) throws Exception {
    isSettled(
        new SlowDelivery(1, 9_300_000, 4_000_000, Duration.ZERO), mode, Duration.ofMillis(500));
  }

  private static void isSettled(SlowDelivery messages, PullMode mode, Duration idleLimit)
      throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      messages.areSettled(idleLimit, emulator.port(), mode);
    }
  }

  private static void arrives(SlowDelivery messages, PullMode mode) throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      messages.arrivesWithin(LONG, emulator.port(), mode);
    }
  }
}
