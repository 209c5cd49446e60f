package io.github.miniscan.pubsub;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.testkit.GoogleEmulator;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slow and distant links before our emulator and before Google's: nothing is lost or moved. */
class SlowLinkIT {

  private static final Duration LONG = Duration.ofMinutes(4);

  /** An emulator, and a way of pulling from it. */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"OURS,UNARY", "OURS,STREAMING", "GOOGLE,UNARY", "GOOGLE,STREAMING"})
  @Retention(RetentionPolicy.RUNTIME)
  @interface EachWay {}

  /** The servers to try. */
  enum Server {
    OURS,
    GOOGLE
  }

  @EachWay
  void aMessageThatTakesSecondsArrives(Server server, PullMode mode) throws Exception {
    arrives(new SlowDelivery(1, 9_300_000, 4_000_000, Duration.ZERO), server, mode);
  }

  @EachWay
  void manySmallMessagesArriveThroughANarrowLink(Server server, PullMode mode) throws Exception {
    arrives(new SlowDelivery(5_000, 130, 100_000, Duration.ZERO), server, mode);
  }

  @EachWay
  void manySmallMessagesArriveThroughAVeryNarrowLink(Server server, PullMode mode)
      throws Exception {
    arrives(new SlowDelivery(3_000, 130, 20_000, Duration.ZERO), server, mode);
  }

  @EachWay
  void messagesArriveFromFarAway(Server server, PullMode mode) throws Exception {
    arrives(
        new SlowDelivery(5_000, 130, SlowDelivery.UNLIMITED, Duration.ofMillis(800)), server, mode);
  }

  @EachWay
  void largeMessagesArriveThroughANarrowLink(Server server, PullMode mode) throws Exception {
    arrives(new SlowDelivery(30, 1_300_000, 3_000_000, Duration.ZERO), server, mode);
  }

  private static void arrives(SlowDelivery messages, Server server, PullMode mode)
      throws Exception {
    if (server == Server.OURS) {
      try (PubSubEmulator emulator = PubSubEmulator.start()) {
        messages.arrivesWithin(LONG, emulator.port(), mode);
      }
    } else {
      assumeTrue(GoogleEmulator.isInstalled(), GoogleEmulator.NOT_INSTALLED);
      try (GoogleEmulator emulator = GoogleEmulator.start()) {
        messages.arrivesWithin(LONG, emulator.port(), mode);
      }
    }
  }
}
