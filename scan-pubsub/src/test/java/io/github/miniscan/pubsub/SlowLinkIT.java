package io.github.miniscan.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.testkit.google.GoogleEmulator;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** A call to Google Cloud had 20 seconds for all of it. */
  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void aMessageThatTakesHalfAMinuteArrivesOverTls(PullMode mode, @TempDir Path directory)
      throws Exception {
    SlowDelivery message = new SlowDelivery(1, 9_300_000, 320_000, Duration.ZERO);
    try (TlsServer tls = new TlsServer(directory)) {
      message.arrivesWithin(LONG, tls::at, tls.emulator().port(), mode);
    }
  }

  /** A consumer is cut off while it waits for messages; the next one gets all of them at once. */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"OURS,UNARY", "OURS,STREAMING", "GOOGLE,UNARY"})
  void aKilledConsumerTakesNothingAway(Server server, PullMode mode) throws Exception {
    onServer(server, port -> killOneAndStartAnother(port, mode));
  }

  private static void killOneAndStartAnother(int port, PullMode mode) throws Exception {
    PubSubServer direct = PubSubServer.emulator("127.0.0.1:" + port);
    PubSubOptions options = PubSubOptions.of("test-project", "scan-sub").withPullMode(mode);
    for (int round = 0; round < 3; round++) {
      try (SlowLink link = new SlowLink(port, SlowDelivery.UNLIMITED, Duration.ZERO);
          PubSubSource killed =
              PubSubSource.open(
                  PubSubServer.emulator(link.address()), options, ByteBudget.ofHeap());
          PubSubPublisher publisher = PubSubPublisher.open(direct, "test-project", "scan-topic")) {
        assertThat(killed.receive(1, Duration.ofSeconds(2))).isEmpty();
        link.cut();
        for (int i = 0; i < 500; i++) {
          var unused = publisher.publish(new byte[] {(byte) round}, Map.of());
        }
        publisher.flush();
        try (PubSubSource next = PubSubSource.open(direct, options, ByteBudget.ofHeap())) {
          // A lease of the one that was killed would take 10 seconds.
          long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
          for (int received = 0; received < 500; ) {
            assertThat(System.nanoTime()).as("after %s", received).isLessThan(end);
            List<Delivery> some = next.receive(500, Duration.ofMillis(100));
            some.forEach(Delivery::ack);
            received += some.size();
          }
        }
      }
    }
  }

  private static void arrives(SlowDelivery messages, Server server, PullMode mode)
      throws Exception {
    onServer(server, port -> messages.arrivesWithin(LONG, port, mode));
  }

  private static void onServer(Server server, Trial trial) throws Exception {
    if (server == Server.OURS) {
      try (PubSubEmulator emulator = PubSubEmulator.start()) {
        emulator.createKit();
        trial.run(emulator.port());
      }
    } else {
      assumeTrue(GoogleEmulator.isInstalled(), GoogleEmulator.NOT_INSTALLED);
      try (GoogleEmulator emulator = GoogleEmulator.start()) {
        emulator.createSubscription("test-project", "scan-topic", "scan-sub");
        trial.run(emulator.port());
      }
    }
  }

  /** A test before a server at this port. */
  private interface Trial {
    void run(int port) throws Exception;
  }
}
