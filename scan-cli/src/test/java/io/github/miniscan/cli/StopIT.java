package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.miniscan.cli.ProgramUnderTest.Result;
import io.github.miniscan.pubsub.emulator.Journal;
import io.github.miniscan.pubsub.emulator.SubscriptionCounts;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals, under load and while the store is down. */
class StopIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What shells ignore for jobs in the background and nohup does, by its bit in a mask. */
  private static final Map<String, Long> IGNORABLE = Map.of("HUP", 1L, "INT", 2L);

  /** Several batches of the largest size, so that a stop comes before the last. */
  private static final int MESSAGES = 120_000;

  private final long seed = Long.getLong("scan.seed", System.nanoTime());
  private final Map<String, TrafficMessage> published = new HashMap<>();
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"TERM, streaming", "TERM, unary", "INT, streaming", "HUP, unary"})
  void aSignalUnderLoadKeepsWhatWasSettledAndHandsBackTheRestAtOnce(String signal, String pull)
      throws Exception {
    Path file = directory.resolve("scans.db");
    try (TestServer server = TestServer.start()) {
      publishTraffic(server);
      Counts first;
      try (ScanProcess consumer = consume(server, file, "--pull", pull)) {
        server.awaitAcked(1);
        assumeNotIgnored(consumer, signal);
        consumer.signal(signal);
        Result stopped = consumer.await(PATIENCE);
        assertThat(stopped.status()).as(stopped.toString()).isZero();
        first = Counts.of(stopped);
      }
      SubscriptionCounts after = server.counts();
      assertThat(first.settled()).as("stopped under load").isLessThan(MESSAGES);
      assertThat(after.acked()).isEqualTo(first.settled());
      assertThat(after.outstanding()).as("leased to nobody").isZero();
      assertThat(after.expired()).isZero();
      StoreCheck.assertHolds(file, oracleOf(ackedIds(server)), seed);

      try (ScanProcess second = consume(server, file, "--pull", pull)) {
        server.awaitAcked(MESSAGES);
        second.signal("TERM");
        Counts rest = Counts.of(second.await(PATIENCE));
        assertThat(first.settled() + rest.settled()).isGreaterThanOrEqualTo(MESSAGES);
      }
      assertThat(server.counts().expired()).as("redelivered without a lease's end").isZero();
      StoreCheck.assertHolds(file, oracleOf(List.copyOf(published.keySet())), seed);
    }
  }

  @Test
  void aStopWhileTheStoreIsLockedHandsBackTheBatchInHand() throws Exception {
    Path file = directory.resolve("scans.db");
    try (TestServer server = TestServer.start();
        ScanProcess consumer = consume(server, file, "--stop-within", "1s")) {
      server.publish(Scans.scan("1.1.1.1", "first"));
      server.awaitAcked(1);
      LockedStore.whileLocked(
          file,
          () -> {
            server.publish(Scans.scan("1.1.1.2", "second"), Scans.scan("1.1.1.3", "third"));
            consumer.awaitErr(PATIENCE, err -> err.contains("locked by another program"));
            consumer.signal("TERM");
            Result stopped = consumer.await(PATIENCE);
            assertThat(stopped.status()).as(stopped.toString()).isZero();
            assertThat(Counts.of(stopped)).isEqualTo(new Counts(1, 1, 0, 0));
            assertThat(stopped.err()).contains("handed back").doesNotContain("Exception");
          });
      assertThat(server.counts().acked()).isEqualTo(1);
      assertThat(server.counts().outstanding()).as("leased to nobody").isZero();
      assertThat(server.counts().backlog()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void aSecondSignalEndsItAtOnce(String signal, int status) throws Exception {
    Path file = directory.resolve("scans.db");
    try (TestServer server = TestServer.start();
        ScanProcess consumer = consume(server, file, "--stop-within", "1h")) {
      server.publish(Scans.scan("1.1.1.1", "first"));
      server.awaitAcked(1);
      assumeNotIgnored(consumer, signal);
      LockedStore.whileLocked(
          file,
          () -> {
            server.publish(Scans.scan("1.1.1.2", "second"));
            consumer.awaitErr(PATIENCE, err -> err.contains("locked by another program"));
            // A system may fold a signal into an equal one that is still on its way.
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.isRunning() && System.nanoTime() < end) {
              consumer.signal(signal);
              Thread.onSpinWait();
            }
            assertThat(consumer.await(PATIENCE).status()).isEqualTo(status);
          });
      assertThat(server.counts().acked()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"consume", "publish", "emulator", "demo"})
  void everyCommandThatRunsOnEndsWithStatusZero(String command) throws Exception {
    try (TestServer server = TestServer.start()) {
      List<Object> words = new ArrayList<>(List.of(command));
      switch (command) {
        case "consume" ->
            words.addAll(
                List.of("--emulator", server.address(), "--store", directory.resolve("a.db")));
        case "publish" -> words.addAll(List.of("--emulator", server.address(), "--rate", "100"));
        case "emulator" -> words.addAll(List.of("--port", "0"));
        default -> words.addAll(List.of("--store", directory.resolve("b.db")));
      }
      try (ScanProcess program = ScanProcess.start(words.toArray())) {
        switch (command) {
          case "consume" -> {
            server.publish(Scans.scan("1.1.1.1", "hello world"));
            server.awaitAcked(1);
          }
          case "publish" -> server.awaitPublished(3);
          case "emulator" -> program.awaitErr(PATIENCE, err -> err.contains("emulator on"));
          default -> program.awaitErr(PATIENCE, err -> err.contains("new  "));
        }
        program.signal("TERM");
        Result stopped = program.await(PATIENCE);
        assertThat(stopped.status()).as(stopped.toString()).isZero();
        assertThat(stopped.err()).doesNotContain("Exception");
      }
    }
  }

  @Test
  void aStopBeforeThereIsAServerEndsWithStatusZero() throws Exception {
    try (ScanProcess consumer =
        ScanProcess.start(
            "consume",
            "--emulator",
            "127.0.0.1:" + Ports.closed(),
            "--store",
            directory.resolve("scans.db"))) {
      while (consumer.isRunning() && !Files.exists(directory.resolve("scans.db"))) {
        Thread.onSpinWait();
      }
      consumer.signal("TERM");
      Result stopped = consumer.await(PATIENCE);
      assertThat(stopped.status()).as(stopped.toString()).isZero();
      assertThat(Counts.of(stopped)).isEqualTo(Counts.ZERO);
    }
  }

  private void publishTraffic(TestServer server) throws InterruptedException {
    TrafficGenerator traffic = new TrafficGenerator(TrafficOptions.nasty(seed));
    List<TrafficMessage> messages = new ArrayList<>();
    List<CompletableFuture<String>> ids = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      TrafficMessage message = traffic.next();
      messages.add(message);
      ids.add(server.publisher().publish(message.payload(), Map.of()));
    }
    for (int i = 0; i < MESSAGES; i++) {
      published.put(ids.get(i).join(), messages.get(i));
    }
  }

  private static List<String> ackedIds(TestServer server) {
    return server.journal().stream()
        .filter(entry -> entry.ackedAt().isPresent())
        .map(Journal.Entry::messageId)
        .toList();
  }

  private Oracle oracleOf(List<String> messageIds) {
    Oracle oracle = new Oracle();
    messageIds.forEach(id -> oracle.published(published.get(id)));
    return oracle;
  }

  private static ScanProcess consume(TestServer server, Path file, String... more)
      throws Exception {
    List<Object> words =
        new ArrayList<>(List.of("consume", "--emulator", server.address(), "--store", file));
    words.addAll(List.of(more));
    return ScanProcess.start(words.toArray());
  }

  /** What a shell starts in the background ignores SIGINT, and so do its children. */
  private static void assumeNotIgnored(ScanProcess program, String signal) throws Exception {
    Path status = Path.of("/proc", Long.toString(program.pid()), "status");
    if (IGNORABLE.containsKey(signal) && Files.exists(status)) {
      String mask =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .findFirst()
              .orElseThrow()
              .substring("SigIgn:".length())
              .strip();
      assumeFalse(
          (Long.parseUnsignedLong(mask, 16) & IGNORABLE.get(signal)) != 0,
          "skipped: SIG" + signal + " is ignored by what runs the tests");
    }
  }
}
