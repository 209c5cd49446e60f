package io.github.miniscan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.miniscan.Reason;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.ProgramUnderTest.Result;
import io.github.miniscan.decode.DecodeCase;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a message to a durable record and back to the screen, before our own server. */
class WholeProgramIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String LARGEST_SKEW = "106751991167300d";

  private final long seed = Long.getLong("scan.seed", System.nanoTime());
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("scans.db");
  }

  // ---- consume

  @ParameterizedTest
  @ValueSource(strings = {"streaming", "unary"})
  void nastyTrafficBecomesExactlyWhatTheOracleSays(String pull) throws Exception {
    int messages = Integer.getInteger("scan.messages", 2_000);
    try (TestServer server = TestServer.start()) {
      Oracle oracle =
          Published.nastyTrafficAndExamples(server.address(), seed, messages, directory);
      Result consumed = consumeAll(server, "--pull", pull);
      assertThat(consumed.status()).as(consumed.toString()).isZero();
      assertCounted(Counts.of(consumed), oracle, server);
      StoreCheck.assertHolds(file, oracle, seed);
      Published.assertExamplesFound(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"streaming", "unary"})
  void twoConsumersShareASubscriptionAndAFile(String pull) throws Exception {
    int messages = Integer.getInteger("scan.messages", 20_000);
    try (TestServer server = TestServer.start()) {
      Object[] words = {"consume", "--emulator", server.address(), "--store", file, "--pull", pull};
      try (ScanProcess one = ScanProcess.start(words);
          ScanProcess other = ScanProcess.start(words)) {
        if (pull.equals("streaming")) {
          await().atMost(PATIENCE).until(() -> server.counts().openStreams() >= 2);
        }
        Oracle oracle =
            Published.nastyTrafficAndExamples(server.address(), seed, messages, directory);
        server.awaitAcked(oracle.published());
        one.signal("TERM");
        other.signal("TERM");
        Result first = one.await(PATIENCE);
        Result second = other.await(PATIENCE);
        assertThat(first.status()).as(first.toString()).isZero();
        assertThat(second.status()).as(second.toString()).isZero();
        Counts both = Counts.of(first).plus(Counts.of(second));
        assertCounted(both, oracle, server);
        StoreCheck.assertHolds(file, oracle, seed);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"streaming", "unary"})
  void settlesExactlyTheMostMessagesAndHandsBackTheRestAtOnce(String pull) throws Exception {
    try (TestServer server = TestServer.start()) {
      Published.nastyTrafficAndExamples(server.address(), seed, 4_998, directory);
      Result consumed = consume(server, "--pull", pull, "--max-messages", "1234");
      assertThat(consumed.status()).as(consumed.toString()).isZero();
      assertThat(Counts.of(consumed).settled()).isEqualTo(1_234);
      assertThat(server.counts().acked()).isEqualTo(1_234);
      assertThat(server.counts().outstanding()).isZero();
      assertThat(server.counts().backlog()).isEqualTo(5_000 - 1_234);
      assertThat(server.counts().expired()).isZero();
    }
  }

  // ---- dead letters

  @Test
  void everyDecodeCaseHoldsAndEveryRejectedOneIsShownWholeAndMayBeReplayed() throws Exception {
    List<DecodeCase> cases = DecodeCase.all();
    Oracle oracle = new Oracle();
    Oracle withoutLimit = new Oracle();
    JsonScanDecoder anyTime =
        new JsonScanDecoder(Duration.ofSeconds(Long.MAX_VALUE), InstantSource.system());
    for (DecodeCase each : cases) {
      TrafficMessage expected = expected(each);
      oracle.published(expected);
      withoutLimit.published(
          Reason.FUTURE_TIMESTAMP.equals(each.reason())
              ? TrafficMessage.becoming(anyTime.decode(each.message()), each.message().payload())
              : expected);
    }
    try (TestServer server = TestServer.start()) {
      publish(server, cases);
      Result consumed = consumeAll(server);
      assertThat(consumed.status()).as(consumed.toString()).isZero();
      StoreCheck.assertHolds(file, oracle, seed);

      List<Map<String, String>> before = deadLetters();
      assertShownWhole(before, cases);
      List<Map<String, String>> others =
          before.stream().filter(letter -> !hasReason(letter, Reason.FUTURE_TIMESTAMP)).toList();
      assertThat(others).hasSizeLessThan(before.size());

      assertThat(deadLettersCommand("replay").out())
          .as("under the same rules all stay")
          .isEqualTo("{\"replayed\":0,\"kept\":" + before.size() + "}\n");
      assertThat(deadLetters()).isEqualTo(before);

      assertThat(deadLettersCommand("replay", "--max-skew", LARGEST_SKEW).out())
          .isEqualTo(
              "{\"replayed\":%d,\"kept\":%d}\n"
                  .formatted(before.size() - others.size(), others.size()));
      assertThat(deadLetters()).isEqualTo(others);
      StoreCheck.assertHolds(file, withoutLimit, seed);
    }
  }

  @Test
  void deadLettersMayGoToATopicOrAway() throws Exception {
    List<DecodeCase> rejected =
        DecodeCase.all().stream().filter(each -> each.reason() != null).toList();
    long malformed =
        rejected.stream().filter(each -> Reason.MALFORMED_JSON.equals(each.reason())).count();
    try (TestServer server = TestServer.start()) {
      publish(server, rejected);
      consumeAll(server);
      PubSubEmulator emulator = server.emulator();
      emulator.createTopic("test-project", "again");
      emulator.createSubscription("test-project", "again-sub", "again");

      Result nowhere =
          deadLettersCommand("replay", "--to-topic", "nope", "--emulator", server.address());
      assertThat(nowhere.status()).isEqualTo(1);
      assertThat(nowhere.err()).contains("topics/nope").doesNotContain("Exception");
      assertThat(deadLetters()).hasSize(rejected.size());

      Result replayed =
          deadLettersCommand(
              "replay",
              "--to-topic",
              "again",
              "--emulator",
              server.address(),
              "--reason",
              "MALFORMED_JSON");
      assertThat(replayed.out()).isEqualTo("{\"replayed\":%d,\"kept\":0}\n".formatted(malformed));
      assertThat(emulator.counts("test-project", "again-sub").published()).isEqualTo(malformed);
      assertThat(deadLetters())
          .hasSize(rejected.size() - (int) malformed)
          .noneMatch(letter -> hasReason(letter, Reason.MALFORMED_JSON));

      assertThat(deadLettersCommand("purge", "--reason", "INVALID_IP", "--older-than", "1h").out())
          .isEqualTo("{\"purged\":0}\n");
      String id = deadLetters().get(0).get("id");
      assertThat(deadLettersCommand("purge", id).out()).isEqualTo("{\"purged\":1}\n");
      assertThat(deadLettersCommand("show", id).status()).isEqualTo(1);
      assertThat(deadLettersCommand("purge", "--all").out())
          .isEqualTo("{\"purged\":%d}\n".formatted(rejected.size() - malformed - 1));
      assertThat(deadLettersCommand("list", "--format", "jsonl").out()).isEmpty();
      assertThat(deadLettersCommand("list", "--format", "json").out().strip()).isEqualTo("[]");
    }
  }

  // ---- query

  @Test
  void queryPrintsEveryRecordInOrderInEachFormat() throws Exception {
    try (TestServer server = TestServer.start()) {
      Published.nastyTrafficAndExamples(server.address(), seed, 2_000, directory);
      consumeAll(server);
    }
    List<ScanRecord> records;
    try (ScanStore store = SqliteScanStore.openReadOnly(file);
        Stream<ScanRecord> all = store.find(ScanQuery.all())) {
      records = all.toList();
    }
    assertThat(records.stream().map(ScanRecord::key).toList()).isSorted().hasSizeGreaterThan(2);
    for (String format : List.of("jsonl", "json")) {
      List<Map<String, String>> printed = JsonObjects.in(query("--format", format).out());
      assertThat(printed.stream().map(WholeProgramIT::key).toList())
          .isEqualTo(records.stream().map(WholeProgramIT::key).toList());
      for (int i = 0; i < records.size(); i++) {
        assertThat(response(printed.get(i))).isEqualTo(records.get(i).response().bytesUncopied());
      }
    }
    assertThat(query().lines()).as("no terminal: JSON Lines").hasSize(records.size());
    assertThat(query("--format", "table").lines()).hasSizeGreaterThan(records.size());
    assertThat(query("--format", "csv").out()).startsWith("ip,port,service,");
    assertThat(query("--limit", "3").lines()).hasSize(3);

    ScanKey some = records.get(records.size() / 2).key();
    Result one =
        query("--ip", some.ip() + "", "--port", some.port() + "", "--service", some.service());
    assertThat(JsonObjects.in(one.out()).stream().map(WholeProgramIT::key))
        .containsExactly(key(records.get(records.size() / 2)));
    for (String format : List.of("jsonl", "json")) {
      Result none = query("--ip", "203.0.113.77", "--format", format);
      assertThat(none.status()).isZero();
      assertThat(none.out().strip()).isEqualTo(format.equals("json") ? "[]" : "");
    }
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoMistake() throws Exception {
    try (TestServer server = TestServer.start()) {
      for (int i = 0; i < 100; i++) {
        server.publish(Scans.scan("1.1.1." + i, "x".repeat(10_000)));
      }
      consume(server, "--max-messages", "100");
    }
    String query = String.join(" ", ScanProcess.command()) + " query --store " + file;
    for (String format : List.of("jsonl", "json", "csv", "table")) {
      String pipe = "{ " + query + " --format " + format + "; echo status $? >&2; } | head -n 1";
      try (ScanProcess shell = ScanProcess.startCommand(Map.of(), List.of("sh", "-c", pipe))) {
        Result result = shell.await(PATIENCE);
        assertThat(result.err()).as(format).isEqualTo("status 0\n");
        assertThat(result.lines()).as(format).hasSize(1);
      }
    }
  }

  @Test
  void aStoreMayBeReadWhileItIsWritten() throws Exception {
    try (TestServer server = TestServer.start();
        ScanProcess consumer =
            ScanProcess.start("consume", "--emulator", server.address(), "--store", file);
        ScanProcess publisher =
            ScanProcess.start(
                "publish",
                "--emulator",
                server.address(),
                "--traffic",
                "nasty",
                "--malformed",
                "0",
                "--count",
                "20000")) {
      server.awaitAcked(1);
      int read = 0;
      while (server.counts().acked() < 20_000) {
        Result result = query();
        assertThat(result.status()).as(result.err()).isZero();
        int now = result.lines().size();
        assertThat(now).as("records never go away").isGreaterThanOrEqualTo(read);
        read = now;
      }
      assertThat(publisher.await(PATIENCE).out()).isEqualTo("{\"published\":20000}\n");
      consumer.signal("TERM");
      assertThat(consumer.await(PATIENCE).status()).isZero();
    }
  }

  // ---- the locale

  @Test
  void theLocaleDecidesNothing() throws Exception {
    String service = "\u00dc\u00f1\u00ee \u670d\u52a1 \ud83d\ude00";
    String scan = Scans.scan("1.1.1.1", "h\u00e9llo \ud83c\udf0d").replace("HTTP", service);
    try (TestServer server = TestServer.start()) {
      server.publish(scan, scan.replace(service, "HTTP"));
      consume(server, "--max-messages", "2");
    }
    // Octal escapes: whatever the locale of this JVM, the shell passes these bytes on.
    StringBuilder octal = new StringBuilder();
    for (byte b : service.getBytes(UTF_8)) {
      octal.append("\\%03o".formatted(b & 0xff));
    }
    String command =
        String.join(" ", ScanProcess.command())
            + " query --format jsonl --store "
            + file
            + " --service \"$(printf '"
            + octal
            + "')\"";
    Map<String, String> plain = Map.of("LC_ALL", "C", "LANG", "C");
    try (ScanProcess shell = ScanProcess.startCommand(plain, List.of("sh", "-c", command))) {
      Result result = shell.await(PATIENCE);
      assertThat(result.err()).isEmpty();
      assertThat(result.lines()).hasSize(1);
      assertThat(result.out()).contains(service).contains("h\u00e9llo \ud83c\udf0d");
    }
  }

  // ---- how it is done

  private Result consume(TestServer server, String... more) throws Exception {
    List<Object> words =
        new ArrayList<>(List.of("consume", "--emulator", server.address(), "--store", file));
    words.addAll(List.of(more));
    return ScanProcess.run(words.toArray());
  }

  /** Consumes until everything that was published is acked. */
  private Result consumeAll(TestServer server, String... more) throws Exception {
    List<Object> words =
        new ArrayList<>(List.of("consume", "--emulator", server.address(), "--store", file));
    words.addAll(List.of(more));
    try (ScanProcess consumer = ScanProcess.start(words.toArray())) {
      server.awaitAcked(server.counts().published());
      consumer.signal("TERM");
      return consumer.await(PATIENCE);
    }
  }

  /** Each message counts at least once; on a starved machine a lease ends, and it counts twice. */
  private static void assertCounted(Counts counts, Oracle oracle, TestServer server) {
    assertThat(server.counts().acked()).isEqualTo(oracle.published());
    assertThat(counts.settled()).isBetween(oracle.published(), server.counts().delivered());
    assertThat(counts.deadLetters()).isGreaterThanOrEqualTo(oracle.deadLetters());
    if (server.counts().expired() == 0) {
      assertThat(counts.settled()).isEqualTo(oracle.published());
      assertThat(counts.deadLetters()).isEqualTo(oracle.deadLetters());
    }
  }

  private Result query(String... more) {
    List<Object> words = new ArrayList<>(List.of("query", "--store", file));
    words.addAll(List.of(more));
    return ProgramUnderTest.run(words.toArray());
  }

  private Result deadLettersCommand(String subcommand, String... more) {
    List<Object> words = new ArrayList<>(List.of("dead-letters", subcommand, "--store", file));
    words.addAll(List.of(more));
    return ProgramUnderTest.run(words.toArray());
  }

  private List<Map<String, String>> deadLetters() {
    return JsonObjects.in(deadLettersCommand("list", "--format", "jsonl").out());
  }

  private static TrafficMessage expected(DecodeCase each) {
    byte[] payload = each.message().payload();
    Reason reason = each.reason();
    ScanRecord record = each.record();
    return record == null
        ? TrafficMessage.rejectedFor(requireNonNull(reason), payload)
        : TrafficMessage.becoming(record, payload);
  }

  /**
   * All through {@code publish}, but for an empty one, which needs an attribute to be a message.
   */
  private void publish(TestServer server, List<DecodeCase> cases) throws Exception {
    List<String> lines = new ArrayList<>();
    for (DecodeCase each : cases) {
      byte[] payload = each.message().payload();
      if (payload.length == 0) {
        server.publisher().publish(payload, Map.of("note", "no payload")).join();
      } else {
        lines.add(Base64.getEncoder().encodeToString(payload));
      }
    }
    Path messages = Files.write(directory.resolve("messages.base64"), lines);
    Result published =
        ScanProcess.run("publish", "--emulator", server.address(), "--file", messages, "--base64");
    assertThat(published.status()).as(published.toString()).isZero();
    assertThat(published.out()).isEqualTo("{\"published\":" + lines.size() + "}\n");
  }

  /** Each rejected case is listed with its reason and bytes, and shown alike by its id. */
  private void assertShownWhole(List<Map<String, String>> listed, List<DecodeCase> cases) {
    assertThat(listed.stream().map(letter -> letter.get("reason") + letter.get("payload_base64")))
        .containsExactlyInAnyOrderElementsOf(
            cases.stream()
                .filter(each -> each.reason() != null)
                .map(
                    each ->
                        each.reason()
                            + Base64.getEncoder().encodeToString(each.message().payload()))
                .toList());
    for (Map<String, String> letter : listed) {
      Result shown = deadLettersCommand("show", letter.get("id") + "", "--format", "json");
      assertThat(JsonObjects.in(shown.out())).containsExactly(letter);
      assertThat(deadLettersCommand("show", letter.get("id") + "", "--format", "table").out())
          .contains(letter.get("id") + "", letter.get("reason") + "");
    }
    assertThat(deadLettersCommand("list", "--format", "table").out())
        .contains(listed.stream().map(letter -> (letter.get("id") + "").substring(0, 12)).toList());
  }

  private static boolean hasReason(Map<String, String> letter, Reason reason) {
    return reason.code().equals(letter.get("reason"));
  }

  private static String key(Map<String, String> printed) {
    return printed.get("ip") + " " + printed.get("port") + " " + printed.get("service");
  }

  private static String key(ScanRecord record) {
    ScanKey key = record.key();
    return key.ip() + " " + key.port() + " " + key.service();
  }

  private static byte[] response(Map<String, String> printed) {
    String base64 = printed.get("response_base64");
    return base64 != null
        ? Base64.getDecoder().decode(base64)
        : String.valueOf(printed.get("response")).getBytes(UTF_8);
  }
}
