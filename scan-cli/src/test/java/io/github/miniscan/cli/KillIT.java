package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.pubsub.emulator.SubscriptionCounts;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} under load, again and again, on one store and one running server. The properties
 * {@code scan.messages}, {@code scan.kills} and {@code scan.seed} make it longer or repeat it.
 */
class KillIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long POLL_NANOS = 100_000;

  private final long seed = Long.getLong("scan.seed", System.nanoTime());
  private final int messages = Integer.getInteger("scan.messages", 20_000);
  private final int kills = Integer.getInteger("scan.kills", 4);
  private final Random random = new Random(seed);
  private final TrafficGenerator traffic = new TrafficGenerator(TrafficOptions.nasty(seed));
  private final Oracle oracle = new Oracle();
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"streaming", "unary"})
  void losesNothingAndDoublesNothingWhereverItIsKilled(String pull) throws Exception {
    Path file = directory.resolve("scans.db");
    try (TestServer server = TestServer.start()) {
      for (int life = 0; life < kills; life++) {
        killDuringLife(server, life, file, pull, messages / (kills + 1));
      }
      publish(server, messages - (int) oracle.published());

      try (ScanProcess last = consume(server, file, pull)) {
        server.awaitAcked(messages);
        last.signal("TERM");
        Counts counts = Counts.of(last.await(PATIENCE));
        assertThat(counts.settled()).as("seed %d", seed).isPositive();
      }
      assertThat(server.counts().published()).isEqualTo(messages);
      assertThat(server.counts().acked()).as("seed %d", seed).isEqualTo(messages);
    }
    StoreCheck.assertHolds(file, oracle, seed);
  }

  /** A share of the messages comes in while the consumer runs, and somewhere among them it dies. */
  private void killDuringLife(TestServer server, int life, Path file, String pull, int share)
      throws Exception {
    SubscriptionCounts before = server.counts();
    try (ScanProcess consumer = consume(server, file, pull)) {
      CompletableFuture<Void> published =
          CompletableFuture.runAsync(
              () -> {
                try {
                  publish(server, share);
                } catch (InterruptedException e) {
                  throw new CompletionException(e);
                }
              });
      awaitKillPoint(server, life, before, 1L + random.nextInt(share));
      consumer.kill();
      published.join();
      assertThat(consumer.err()).doesNotContain("Exception");
    }
    server.expireLeases();
  }

  /** In turn: somewhere between delivery and ack, and right after an ack. */
  private static void awaitKillPoint(
      TestServer server, int life, SubscriptionCounts before, long messages) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (life % 2 == 0
        ? server.counts().acked() < before.acked() + messages
        : server.counts().delivered() < before.delivered() + messages) {
      assertThat(System.nanoTime()).as("the consumer takes nothing").isLessThan(end);
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private void publish(TestServer server, int count) throws InterruptedException {
    List<CompletableFuture<String>> published = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TrafficMessage message = traffic.next();
      oracle.published(message);
      published.add(server.publisher().publish(message.payload(), Map.of()));
    }
    published.forEach(CompletableFuture::join);
  }

  private static ScanProcess consume(TestServer server, Path file, String pull) throws Exception {
    return ScanProcess.start(
        "consume", "--emulator", server.address(), "--store", file, "--pull", pull);
  }
}
