package io.github.miniscan.cli;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_TOPIC;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.ProgramUnderTest.Result;
import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Much to do in little memory: the consumer has 256 MB of heap and no other option, and prints what
 * it took. {@code scan.messages} and {@code scan.large} make it longer.
 */
class VolumeIT {

  private static final int LARGE_BYTES = 9_000_000;
  private static final int LARGE_WAITING = 40;
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private final long seed = Long.getLong("scan.seed", System.nanoTime());
  private final int messages = Integer.getInteger("scan.messages", 30_000);
  private final int large = Integer.getInteger("scan.large", 20);
  @TempDir private Path directory;

  @Test
  void aBacklogOfManyMessages() throws Exception {
    Path file = directory.resolve("scans.db");
    Oracle oracle = new Oracle();
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      emulator.createKit();
      TrafficGenerator traffic = new TrafficGenerator(TrafficOptions.realistic(seed));
      try (PubSubPublisher publisher = publisher(emulator)) {
        for (int i = 0; i < messages; i++) {
          TrafficMessage message = traffic.next();
          oracle.published(message);
          publisher.publish(message.payload(), Map.of());
        }
        publisher.flush();
      }
      try (ScanProcess consumer =
          consumer(emulator, file, "--max-messages", Integer.toString(messages))) {
        awaitAcked(emulator, 1);
        long start = System.nanoTime();
        awaitAcked(emulator, messages);
        report(messages + " messages", System.nanoTime() - start, messages);
        Result result = consumer.await(PATIENCE);
        assertThat(result.status()).as(result.toString()).isZero();
        assertThat(Counts.of(result).settled()).isEqualTo(messages);
      }
    }
    StoreCheck.assertHolds(file, oracle, seed);
  }

  @Test
  void messagesOfNineMegabytes() throws Exception {
    Path file = directory.resolve("scans.db");
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      emulator.createKit();
      try (PubSubPublisher publisher = publisher(emulator);
          ScanProcess consumer =
              consumer(emulator, file, "--max-messages", Integer.toString(large))) {
        long start = System.nanoTime();
        for (int i = 0; i < large; i++) {
          awaitAcked(emulator, i - LARGE_WAITING);
          publisher.publish(largeScan(i), Map.of());
        }
        publisher.flush();
        Result result = consumer.await(PATIENCE);
        report(large + " messages of 9 MB", System.nanoTime() - start, large);
        assertThat(result.status()).as(result.toString()).isZero();
        assertThat(Counts.of(result).settled()).isEqualTo(large);
      }
    }
    try (ScanStore store = SqliteScanStore.openReadOnly(file);
        Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      assertThat(records.map(record -> record.response().size()))
          .hasSize(large)
          .containsOnly(LARGE_BYTES);
    }
  }

  private static byte[] largeScan(int number) {
    String response = "x".repeat(LARGE_BYTES - 8) + String.format("%08d", number);
    return ("{\"ip\":\"10.0."
            + number / 250
            + "."
            + number % 250
            + "\",\"port\":80,\"service\":\"HTTP\",\"timestamp\":1700000000,"
            + "\"data_version\":2,\"data\":{\"response_str\":\""
            + response
            + "\"}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static PubSubPublisher publisher(PubSubEmulator emulator) throws InterruptedException {
    return PubSubPublisher.open(PubSubServer.emulator(emulator.endpoint()), KIT_PROJECT, KIT_TOPIC);
  }

  private static ScanProcess consumer(
      PubSubEmulator emulator, Path file, String limit, String value) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx256m", "-jar"));
    words.add(requireNonNull(System.getProperty("scan.jar"), "the property scan.jar is not set"));
    words.addAll(List.of("consume", "--emulator", emulator.endpoint()));
    words.addAll(List.of("--store", file.toString(), limit, value));
    return ScanProcess.startCommand(Map.of(), words);
  }

  private static void awaitAcked(PubSubEmulator emulator, int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> emulator.counts(KIT_PROJECT, KIT_SUBSCRIPTION).acked() >= count);
  }

  private static void report(String what, long nanos, int count) {
    double seconds = nanos / 1e9;
    System.out.printf(
        "%s settled in %.1f s: %.0f a second, with -Xmx256m%n", what, seconds, count / seconds);
  }
}
