package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.cli.ProgramUnderTest.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people and machines get wrong: each is told in a sentence, and loses nothing. */
class MistakesIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("scans.db");
  }

  // ---- the server

  @Test
  void noServerAtTheAddress() throws Exception {
    String address = "127.0.0.1:" + Ports.closed();
    Result result =
        ScanProcess.run(
            "consume", "--emulator", address, "--store", file, "--connect-timeout", "2s");
    assertThat(result.status()).isEqualTo(1);
    assertThat(sentence(result)).contains(address);
    assertThat(Counts.of(result)).isEqualTo(Counts.ZERO);
  }

  @Test
  void noSuchSubscriptionOrTopic() throws Exception {
    try (TestServer server = TestServer.start()) {
      Result consume =
          ScanProcess.run(
              "consume", "--emulator", server.address(), "--store", file, "--subscription", "nope");
      assertThat(consume.status()).isEqualTo(1);
      assertThat(sentence(consume)).contains("projects/test-project/subscriptions/nope");
      assertThat(Counts.of(consume)).isEqualTo(Counts.ZERO);

      Result publish =
          ScanProcess.run("publish", "--emulator", server.address(), "--topic", "nope");
      assertThat(publish.status()).isEqualTo(1);
      assertThat(sentence(publish)).contains("projects/test-project/topics/nope");
    }
  }

  @Test
  void noCredentials() throws Exception {
    Map<String, String> nobody =
        Map.of("HOME", directory.toString(), "CLOUDSDK_CONFIG", directory.toString());
    try (ScanProcess consumer =
        ScanProcess.startWith(nobody, "consume", "--store", file, "--connect-timeout", "20s")) {
      Result result = consumer.await(PATIENCE);
      assertThat(result.status()).isEqualTo(1);
      assertThat(sentence(result)).contains("credentials").contains("--emulator localhost:8085");
      assertThat(Counts.of(result)).isEqualTo(Counts.ZERO);
    }
  }

  // ---- the store

  @Test
  void aDirectoryThatIsMissing() throws Exception {
    Path missing = directory.resolve("not/there/scans.db");
    assertRefused(missing, "no directory for the store " + missing);
    assertThat(directory.resolve("not")).doesNotExist();
  }

  @Test
  void aDirectoryInPlaceOfAFile() throws Exception {
    assertRefused(directory, directory + " is a directory");
  }

  @Test
  void aPathThatCanNotBeWritten() throws Exception {
    // Not even root may make a file there.
    Path unwritable = Path.of("/proc/scans.db");
    if (Files.isDirectory(unwritable.getParent())) {
      assertRefused(unwritable, unwritable + " cannot be created");
    }
  }

  @Test
  void aFileThatIsNoDatabase() throws Exception {
    byte[] notes = "to do: buy milk\n".repeat(1_000).getBytes(StandardCharsets.UTF_8);
    Files.write(file, notes);
    assertRefused(file, file + " is not a SQLite file");
    assertThat(Files.readAllBytes(file)).isEqualTo(notes);
  }

  @Test
  void aDatabaseOfAnotherProgram() throws Exception {
    execute("CREATE TABLE notes (text TEXT)", "INSERT INTO notes VALUES ('buy milk')");
    byte[] notes = Files.readAllBytes(file);
    assertRefused(file, file + " is a SQLite file of another program");
    assertThat(Files.readAllBytes(file)).isEqualTo(notes);
  }

  @Test
  void aFileOfANewerProgram() throws Exception {
    makeStore();
    execute("PRAGMA user_version = 999");
    assertRefused(file, file + " was written by a newer version");
  }

  @Test
  void aDamagedFile() throws Exception {
    makeStore();
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 100; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Files.write(file, bytes);
    assertRefused(file, file + " is damaged");
  }

  @Test
  void aFileLockedAtTheStart() throws Exception {
    makeStore();
    try (TestServer server = TestServer.start()) {
      server.publish(Scans.EXAMPLE_1);
      LockedStore.whileLocked(
          file,
          () -> {
            Result result =
                ScanProcess.run(
                    "consume",
                    "--emulator",
                    server.address(),
                    "--store",
                    file,
                    "--connect-timeout",
                    "1s");
            assertThat(result.status()).isEqualTo(1);
            assertThat(sentence(result)).contains(file + " is locked by another program");
            assertThat(Counts.of(result)).isEqualTo(Counts.ZERO);
            assertThat(server.counts().acked()).isZero();
          });
    }
  }

  @Test
  void aFileLockedWhileRunning() throws Exception {
    try (TestServer server = TestServer.start();
        ScanProcess consumer =
            ScanProcess.start("consume", "--emulator", server.address(), "--store", file)) {
      server.publish(Scans.EXAMPLE_1);
      server.awaitAcked(1);
      LockedStore.whileLocked(
          file,
          () -> {
            server.publish(Scans.EXAMPLE_2);
            consumer.awaitErr(
                PATIENCE,
                err ->
                    err.contains("the store is down") && err.contains("locked by another program"));
            assertThat(server.counts().acked()).isEqualTo(1);
          });
      server.awaitAcked(2);
      consumer.awaitErr(PATIENCE, err -> err.contains("the store is back"));
      consumer.signal("TERM");
      Result stopped = consumer.await(PATIENCE);
      assertThat(stopped.status()).isZero();
      assertThat(Counts.of(stopped)).isEqualTo(new Counts(2, 2, 0, 0));
      assertThat(stopped.err()).doesNotContain("Exception");
    }
  }

  @Test
  void aFileThatANewerProgramHasTakenOver() throws Exception {
    try (TestServer server = TestServer.start();
        ScanProcess consumer =
            ScanProcess.start("consume", "--emulator", server.address(), "--store", file)) {
      server.publish(Scans.EXAMPLE_1);
      server.awaitAcked(1);
      execute("PRAGMA user_version = 999");
      server.publish(Scans.EXAMPLE_2);
      Result result = consumer.await(PATIENCE);
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).contains("newer version of this program").doesNotContain("\tat ");
      assertThat(Counts.of(result)).isEqualTo(new Counts(1, 1, 0, 0));
      assertThat(server.counts().acked()).isEqualTo(1);
      assertThat(server.counts().backlog()).as("handed back").isEqualTo(1);
    }
  }

  @Test
  void aStoreDownForTooLong() throws Exception {
    try (TestServer server = TestServer.start();
        ScanProcess consumer =
            ScanProcess.start(
                "consume",
                "--emulator",
                server.address(),
                "--store",
                file,
                "--give-up-after",
                "1s")) {
      server.publish(Scans.EXAMPLE_1);
      server.awaitAcked(1);
      LockedStore.whileLocked(
          file,
          () -> {
            server.publish(Scans.EXAMPLE_2);
            Result result = consumer.await(PATIENCE);
            assertThat(result.status()).isEqualTo(3);
            assertThat(result.err()).contains("locked by another program").doesNotContain("\tat ");
            assertThat(Counts.of(result)).isEqualTo(new Counts(1, 1, 0, 0));
          });
      assertThat(server.counts().acked()).isEqualTo(1);
      assertThat(server.counts().backlog()).as("handed back").isEqualTo(1);
    }
  }

  @Test
  void aFullDisk() throws Exception {
    Path mountPoint = Files.createDirectory(directory.resolve("disk"));
    try (SmallDisk disk = SmallDisk.mount(mountPoint, 4);
        TestServer server = TestServer.start();
        ScanProcess consumer =
            ScanProcess.start(
                "consume",
                "--emulator",
                server.address(),
                "--store",
                mountPoint.resolve("scans.db"))) {
      server.publish(Scans.EXAMPLE_1);
      server.awaitAcked(1);
      disk.fill();
      for (int i = 0; i < 50; i++) {
        server.publish(Scans.scan("1.1.2." + i, "x".repeat(10_000)));
      }
      consumer.awaitErr(
          PATIENCE,
          err -> err.contains("the store is down") && err.contains("no room left on the disk"));
      long acked = server.counts().acked();
      assertThat(acked).isLessThan(51);

      disk.makeRoom();
      server.awaitAcked(51);
      consumer.awaitErr(PATIENCE, err -> err.contains("the store is back"));
      consumer.signal("TERM");
      Result stopped = consumer.await(PATIENCE);
      assertThat(stopped.status()).isZero();
      assertThat(Counts.of(stopped)).isEqualTo(new Counts(51, 51, 0, 0));
      assertThat(
              ProgramUnderTest.run(
                      "query", "--store", mountPoint.resolve("scans.db"), "--format", "jsonl")
                  .lines())
          .hasSize(51);
    }
  }

  @Test
  void readingWhereThereIsNoStore() {
    for (List<String> command :
        List.of(
            List.of("query"),
            List.of("dead-letters", "list"),
            List.of("dead-letters", "show", "00112233445566778899aabbccddeeff"),
            List.of("dead-letters", "replay"),
            List.of("dead-letters", "purge", "--all"))) {
      List<Object> words = new ArrayList<>(command);
      words.addAll(List.of("--store", file));
      Result result = ProgramUnderTest.run(words.toArray());
      assertThat(result.status()).as(command.toString()).isEqualTo(1);
      assertThat(sentence(result)).contains("no store at " + file);
      assertThat(result.out()).isEmpty();
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void aDeadLetterThatThereIsNot() throws Exception {
    makeStore();
    Result result = ProgramUnderTest.run("dead-letters", "show", "nope", "--store", file);
    assertThat(result.status()).isEqualTo(1);
    assertThat(sentence(result)).contains("\"nope\"").contains("dead-letters list");
  }

  // ---- the command line

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--no-such-option",
        "--store=",
        "--store=postgresql://localhost/scans",
        "--emulator=localhost",
        "--emulator=:8085",
        "--emulator=localhost:",
        "--emulator=localhost:65536",
        "--emulator=localhost:99999999999",
        "--emulator=localhost:+8085",
        "--emulator=localhost:4294967295",
        "--emulator=http://localhost:8085",
        "--emulator=::1:8085",
        "--max-messages=0",
        "--max-messages=-1",
        "--max-messages=many",
        "--until-idle=5",
        "--until-idle=-5s",
        "--until-idle=99999999999999999999d",
        "--connect-timeout=soon",
        "--pull=push",
        "--subscription=",
        "--subscription=a/b",
        "extra"
      })
  void wrongUsageOfConsume(String argument) {
    List<Object> words = new ArrayList<>(List.of("consume", argument));
    if (!argument.startsWith("--store")) {
      words.addAll(List.of("--store", directory.resolve("never.db")));
    }
    if (!argument.startsWith("--emulator")) {
      words.addAll(List.of("--emulator", "127.0.0.1:1"));
    }
    Result wrong = ProgramUnderTest.run(words.toArray());
    assertThat(wrong.status()).as(wrong.toString()).isEqualTo(2);
    assertUsageSentence(wrong);
    assertThat(Counts.of(wrong)).isEqualTo(Counts.ZERO);
    assertThat(directory.resolve("never.db")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "query --ip 1.1.1, 1.1.1",
    "query --ip 010.0.0.1, 010.0.0.1",
    "query --ip localhost, localhost",
    "query --ip fe80::1%eth0, fe80::1%eth0",
    "query --ip 1.1.1.1/24, 1.1.1.1/24",
    "query --port 65536, 65536",
    "query --port -1, -1",
    "query --port http, 8000-8100",
    "query --port 80;https, https",
    "query --port 80;;443, 8000-8100",
    "query --port 90-80, 90-80",
    "query --port 80-65536, 65536",
    "query --port=, 8000-8100",
    "query --port 99999999999, 0 to 65535",
    "query --ip 10.0.0.1/8, 10.0.0.0/8",
    "query --ip 10.0.0.0/33, 10.0.0.0/33",
    "query --ip 1.1.1.9-1.1.1.1, 1.1.1.1-1.1.1.9",
    "query --ip 1.1.1.1-::1, two families",
    "query --ip 1.1.1.1;localhost, localhost",
    "query --service, --service",
    "emulator --port ssh, one number",
    "emulator --port 80;443, one number",
    "query --limit -1, -1",
    "query --format xml, 'table, json, jsonl, csv'",
    "publish --traffic evil, 'kit, realistic, nasty'",
    "consume --log-format xml, 'text, json'",
    "consume --pull push, 'auto, streaming, unary'",
    "query --nope, --nope",
    "publish --rate -1, -1",
    "publish --count -1, -1",
    "publish --malformed 0.5, --malformed",
    "publish --file x --keys 7, --keys",
    "publish --base64, --base64",
    "publish --traffic nasty --malformed 2, 0 to 0.6 with --traffic nasty",
    "publish --traffic nasty --malformed 0.61, 0.61 (0 to 0.6",
    "publish --traffic nasty --malformed -0.1, --malformed out of range: -0.1",
    "publish --traffic nasty --malformed NaN, --malformed out of range: NaN",
    "publish --traffic realistic --malformed 1, 0 to 0.969 with --traffic realistic",
    "publish --traffic realistic --keys 0, --keys out of range: 0 (1 or more)",
    "publish --topic a/b, a/b",
    "emulator --port 65536, 65536",
    "emulator --port 0 --topic a/b, a/b",
    "emulator --port 0 --project a/b, a/b",
    "demo --for ever, ever",
    "dead-letters list --reason be-cause, BE-CAUSE",
    "dead-letters purge --older-than old, old",
    "dead-letters purge, --all",
    "dead-letters purge --all --reason INVALID_IP, --all",
    "dead-letters purge --all 0123, --all",
    "dead-letters replay --max-skew never, never",
    "dead-letters shred, shred",
    "consumer, consumer",
  })
  void wrongUsage(String commandLine, String named) {
    Result result = ProgramUnderTest.run((Object[]) commandLine.replace(';', ',').split(" "));
    assertThat(result.status()).as(result.toString()).isEqualTo(2);
    assertUsageSentence(result);
    assertThat(result.err()).contains(named);
    if (!commandLine.startsWith("consume ")) {
      assertThat(result.out()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dead-letters"})
  void aMissingCommandShowsWhichThereAre(String commandLine) {
    Object[] words = commandLine.isEmpty() ? new Object[0] : new Object[] {commandLine};
    Result result = ProgramUnderTest.run(words);
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("Usage: scan");
    assertThat(result.out()).isEmpty();
  }

  /** Consume says what is wrong with the store before it has taken a message. */
  private void assertRefused(Path store, String sentence) throws Exception {
    try (TestServer server = TestServer.start()) {
      server.publish(Scans.EXAMPLE_1);
      Result result =
          ScanProcess.run(
              "consume",
              "--emulator",
              server.address(),
              "--store",
              store,
              "--connect-timeout",
              "5s");
      assertThat(result.status()).as(result.toString()).isEqualTo(1);
      assertThat(sentence(result)).contains(sentence);
      assertThat(Counts.of(result)).isEqualTo(Counts.ZERO);
      assertThat(server.counts().acked()).isZero();
      assertThat(server.counts().outstanding()).isZero();
    }
  }

  private void makeStore() throws Exception {
    try (TestServer server = TestServer.start()) {
      server.publish(Scans.EXAMPLE_1);
      Result result =
          ScanProcess.run(
              "consume", "--emulator", server.address(), "--store", file, "--max-messages", 1);
      assertThat(result.status()).as(result.toString()).isZero();
    }
  }

  private void execute(String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The one line on standard error. */
  private static String sentence(Result result) {
    assertThat(result.err().lines().toList()).as(result.toString()).hasSize(1);
    assertThat(result.err()).startsWith("scan ").doesNotContain("Exception");
    return result.err();
  }

  /** One sentence, perhaps what was meant, and where to read more. */
  private static void assertUsageSentence(Result result) {
    List<String> lines = result.err().lines().toList();
    assertThat(lines).as(result.toString()).hasSizeBetween(2, 3);
    assertThat(lines.get(0)).startsWith("scan").doesNotContain("Exception");
    assertThat(lines.get(lines.size() - 1)).startsWith("Try 'scan").endsWith("--help'.");
  }
}
