package io.github.miniscan.pubsub;

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

  private static void arrives(SlowDelivery messages, PullMode mode) throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      messages.arrivesWithin(LONG, emulator.port(), mode);
    }
  }
}
