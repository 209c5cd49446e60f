package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.miniscan.cli.ProgramUnderTest.Result;
import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.testkit.google.GoogleEmulator;
import io.github.miniscan.traffic.Oracle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole program before Google's own emulator; {@code scan.messages} makes it longer. */
class GoogleEmulatorIT {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final long seed = Long.getLong("scan.seed", System.nanoTime());
  private final int messages = Integer.getInteger("scan.messages", 2_000);
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"auto", "streaming"})
  void nastyTrafficBecomesExactlyWhatTheOracleSays(String pull) throws Exception {
    assumeTrue(GoogleEmulator.isInstalled(), GoogleEmulator.NOT_INSTALLED);
    Path file = directory.resolve("scans.db");
    try (GoogleEmulator emulator = GoogleEmulator.start()) {
      emulator.createSubscription("test-project", "scan-topic", "scan-sub");
      Oracle oracle =
          Published.nastyTrafficAndExamples(emulator.endpoint(), seed, messages, directory);
      Counts counts = consumeAll(emulator, file, oracle, "--pull", pull);
      assertThat(counts.settled()).isGreaterThanOrEqualTo(oracle.published());
      StoreCheck.assertHolds(file, oracle, seed);
      Published.assertExamplesFound(file);
    }
  }

  @Test
  void aConsumerThatIsStoppedLeavesTheRestToTheNext() throws Exception {
    assumeTrue(GoogleEmulator.isInstalled(), GoogleEmulator.NOT_INSTALLED);
    Path file = directory.resolve("scans.db");
    try (GoogleEmulator emulator = GoogleEmulator.start()) {
      emulator.createSubscription("test-project", "scan-topic", "scan-sub");
      Oracle oracle =
          Published.nastyTrafficAndExamples(emulator.endpoint(), seed, messages, directory);
      Counts first = consume(emulator, file, "--max-messages", "300");
      assertThat(first.settled()).isEqualTo(300);
      Counts rest = consumeAll(emulator, file, oracle);
      assertThat(first.settled() + rest.settled()).isGreaterThanOrEqualTo(oracle.published());
      StoreCheck.assertHolds(file, oracle, seed);
    }
  }

  /** The property {@code scan.idle} says for how many seconds nothing comes. */
  @ParameterizedTest
  @ValueSource(strings = {"auto", "streaming"})
  void aConsumerThatSatIdleIsNotDeaf(String pull) throws Exception {
    assumeTrue(GoogleEmulator.isInstalled(), GoogleEmulator.NOT_INSTALLED);
    Path file = directory.resolve("scans.db");
    Duration idle = Duration.ofSeconds(Integer.getInteger("scan.idle", 3));
    try (GoogleEmulator emulator = GoogleEmulator.start()) {
      emulator.createSubscription("test-project", "scan-topic", "scan-sub");
      PubSubServer server = PubSubServer.emulator(emulator.endpoint());
      try (PubSubPublisher publisher = PubSubPublisher.open(server, "test-project", "scan-topic");
          ScanProcess consumer =
              ScanProcess.start(
                  "consume", "--emulator", emulator.endpoint(), "--store", file, "--pull", pull)) {
        publishHosts(publisher, 0, 1);
        await().atMost(PATIENCE).until(() -> records(file) == 1);
        assertThat(consumer.isRunningAfter(idle)).isTrue();
        publishHosts(publisher, 1, 501);
        await().atMost(PATIENCE).until(() -> records(file) == 501);
        consumer.signal("TERM");
        assertThat(consumer.await(PATIENCE).status()).isZero();
      }
    }
  }

  private static void publishHosts(PubSubPublisher publisher, int from, int to)
      throws InterruptedException {
    List<CompletableFuture<String>> published = new ArrayList<>();
    for (int i = from; i < to; i++) {
      String scan = Scans.scan("10.0." + i / 250 + "." + i % 250, "hello world");
      published.add(publisher.publish(scan.getBytes(StandardCharsets.UTF_8), Map.of()));
    }
    published.forEach(CompletableFuture::join);
  }

  private static long records(Path file) {
    return ProgramUnderTest.run("query", "--store", file, "--format", "jsonl").lines().size();
  }

  /** Consumes until the store holds what it must; Google's emulator does not tell what it has. */
  private Counts consumeAll(GoogleEmulator emulator, Path file, Oracle oracle, String... more)
      throws Exception {
    List<Object> words =
        new ArrayList<>(List.of("consume", "--emulator", emulator.endpoint(), "--store", file));
    words.addAll(List.of(more));
    try (ScanProcess consumer = ScanProcess.start(words.toArray())) {
      await().atMost(PATIENCE).until(() -> Files.exists(file));
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> StoreCheck.assertHolds(file, oracle, seed));
      consumer.signal("TERM");
      Result result = consumer.await(PATIENCE);
      assertThat(result.status()).as(result.toString()).isZero();
      return Counts.of(result);
    }
  }

  private static Counts consume(GoogleEmulator emulator, Path file, String limit, String value)
      throws Exception {
    try (ScanProcess consumer =
        ScanProcess.start(
            "consume", "--emulator", emulator.endpoint(), "--store", file, limit, value)) {
      Result result = consumer.await(PATIENCE);
      assertThat(result.status()).as(result.toString()).isZero();
      return Counts.of(result);
    }
  }
}
