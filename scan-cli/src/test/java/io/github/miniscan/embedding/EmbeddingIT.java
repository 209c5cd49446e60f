package io.github.miniscan.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.SubscriptionCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example, run as a process and stopped as an operator stops it. */
class EmbeddingIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String SCAN =
      "{\"ip\":\"1.1.1.1\",\"port\":%d,\"service\":\"HTTP\",\"timestamp\":1700000000,"
          + "\"data_version\":2,\"data\":{\"response_str\":\"hello world\"}}";

  @TempDir private Path folder;

  @Test
  void settlesTheBatchInHandBeforeASignalEndsIt() throws Exception {
    Path file = folder.resolve("scans.db");
    Path log = folder.resolve("err.log");
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      emulator.createKit();
      publish(emulator, 0, 100);
      Process program = start(emulator, file, log);
      try {
        await().atMost(PATIENCE).until(() -> counts(emulator).acked() == 100);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA busy_timeout = 10000");
          statement.execute("BEGIN IMMEDIATE");
          publish(emulator, 100, 200);
          // By default an engine says that its store is down.
          await().atMost(PATIENCE).until(() -> Files.readString(log).contains("the store is down"));
          program.destroy();
          assertThat(program.waitFor(100, TimeUnit.MILLISECONDS)).as("it waits").isFalse();
          statement.execute("ROLLBACK");
        }
        assertThat(program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).as(Files.readString(log)).isEqualTo(143);
        SubscriptionCounts counts = counts(emulator);
        assertThat(counts.acked() + counts.backlog()).as("%s", counts).isEqualTo(200);
        assertThat(counts.acked()).as("the batch in hand").isGreaterThan(100);
        assertThat(counts.outstanding()).as("%s", counts).isZero();
      } finally {
        program.destroyForcibly();
      }
    }
  }

  @Test
  void isTheReadmesExample() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    int start = readme.indexOf("```java\n") + "```java\n".length();
    assertThat(readme.substring(start, readme.indexOf("```", start))).isEqualTo(markedLines());
  }

  private static String markedLines() throws IOException {
    Path source = Path.of("src/test/java/io/github/miniscan/embedding/EmbeddingExample.java");
    List<String> lines = Files.readAllLines(source);
    return lines
        .subList(lines.indexOf("    // README begins") + 1, lines.indexOf("    // README ends"))
        .stream()
        .map(line -> line.isEmpty() ? line : line.substring(4))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static Process start(PubSubEmulator emulator, Path file, Path log) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            EmbeddingExample.class.getName(),
            emulator.endpoint(),
            file.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static void publish(PubSubEmulator emulator, int from, int to) throws Exception {
    PubSubServer server = PubSubServer.emulator(emulator.endpoint());
    try (PubSubPublisher publisher =
        PubSubPublisher.open(server, PubSubEmulator.KIT_PROJECT, PubSubEmulator.KIT_TOPIC)) {
      for (int port = from; port < to; port++) {
        publisher.publish(SCAN.formatted(port).getBytes(UTF_8), Map.of());
      }
      publisher.flush();
    }
  }

  private static SubscriptionCounts counts(PubSubEmulator emulator) {
    return emulator.counts(PubSubEmulator.KIT_PROJECT, PubSubEmulator.KIT_SUBSCRIPTION);
  }
}
