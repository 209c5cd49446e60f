package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.ProgramUnderTest.Result;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that do not arrive are a failure, unless nobody wants more of them. */
class OutputIT {

  private static final Path FULL = Path.of("/dev/full");
  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

  /** More than fits into any buffer on the way, and on the small disk. */
  private static final int MANY = 3_000;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void makeStore() {
    file = directory.resolve("scans.db");
    List<Decoded<ScanRecord>> records = new ArrayList<>();
    List<DeadLetter> letters = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Message message = new Message(Integer.toString(i), payload(i), Map.of(), TIME);
      ScanKey key = new ScanKey(IpAddress.parse("10.0." + i / 250 + "." + i % 250), 80, "HTTP");
      records.add(
          new Decoded<>(
              message,
              ScanRecord.ofScan(key, TIME.getEpochSecond(), Response.ofText("x".repeat(500)))));
      letters.add(DeadLetter.of(message, Reason.MALFORMED_JSON, "x".repeat(500), TIME));
    }
    try (ScanStore store = SqliteScanStore.open(file)) {
      store.write(Batch.of(records, letters));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--version",
        "help query",
        "query --help",
        "generate-completion",
        "query --store STORE --format table",
        "query --store STORE --format json",
        "query --store STORE --format jsonl",
        "query --store STORE --format csv",
        "query --store STORE --ip 10.0.0.1",
        "query --store STORE --ip 203.0.113.1 --format json",
        "dead-letters list --store STORE --format table",
        "dead-letters list --store STORE --format json",
        "dead-letters list --store STORE --format jsonl",
        "dead-letters list --store STORE --format csv",
        "dead-letters show --store STORE ID --format table",
        "dead-letters show --store STORE ID --format json",
        "dead-letters purge --store STORE ID",
        "dead-letters purge --store STORE ID --format csv",
        "dead-letters replay --store STORE ID",
      })
  void aFullDeviceIsAFailureOfEachCommand(String command) throws Exception {
    assumeTrue(Files.exists(FULL), "skipped: no " + FULL);

    Result result = ScanProcess.shell("$SCAN " + completed(command) + " >/dev/full");

    assertFailed(result, "No space left on device");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query --store STORE --format table",
        "query --store STORE --format json",
        "query --store STORE --format jsonl",
        "query --store STORE --format csv",
        "dead-letters list --store STORE --format table",
        "dead-letters list --store STORE --format json",
        "dead-letters list --store STORE --format jsonl",
        "dead-letters list --store STORE --format csv",
      })
  void aDiskThatBecomesFullIsAFailure(String command) throws Exception {
    Path mountPoint = Files.createDirectory(directory.resolve("disk"));
    try (SmallDisk disk = SmallDisk.mount(mountPoint, 1)) {
      disk.fill();
      disk.makeRoom();
      Files.write(mountPoint.resolve("ballast"), new byte[900_000]);

      Result result =
          ScanProcess.shell("$SCAN " + completed(command) + " >\"$1\"", mountPoint.resolve("out"));

      assertFailed(result, "No space left on device");
      assertThat(mountPoint.resolve("out")).isNotEmptyFile();
    }
  }

  @Test
  void deadLettersThatCouldNotBeSavedAreNotPurged() throws Exception {
    assumeTrue(Files.exists(FULL), "skipped: no " + FULL);

    Result result =
        ScanProcess.shell(
            completed(
                "$SCAN dead-letters list --store STORE >/dev/full"
                    + " && $SCAN dead-letters purge --store STORE --all"));

    assertThat(result.status()).isEqualTo(1);
    try (ScanStore store = SqliteScanStore.openReadOnly(file);
        Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      assertThat(letters).hasSize(MANY);
    }
  }

  @Test
  void countsThatDoNotArriveAreAFailureOfConsumeAndPublish() throws Exception {
    assumeTrue(Files.exists(FULL), "skipped: no " + FULL);
    try (TestServer server = TestServer.start()) {
      Result published =
          ScanProcess.shell(
              "$SCAN publish --emulator \"$1\" --count 3 >/dev/full", server.address());
      assertFailed(published, "No space left on device");

      Result consumed =
          ScanProcess.shell(
              "$SCAN consume --emulator \"$1\" --store \"$2\" --max-messages 3 >/dev/full",
              server.address(),
              directory.resolve("consumed.db"));
      assertFailed(consumed, "No space left on device");
      assertThat(server.counts().acked()).isEqualTo(3);
    }
  }

  @Test
  void anOutputThatIsNotOpenIsAFailure() throws Exception {
    assertFailed(ScanProcess.shell(completed("$SCAN query --store STORE >&-")), "Bad file");
  }

  @Test
  void aFileThatMayNotGrowIsAFailure() throws Exception {
    Result result =
        ScanProcess.shell(
            completed("trap '' XFSZ; ulimit -f 100; $SCAN query --store STORE >\"$1\""),
            directory.resolve("out"));

    assertFailed(result, "File too large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "query --store STORE --format table",
        "query --store STORE --format json",
        "query --store STORE --format jsonl",
        "query --store STORE --format csv",
        "dead-letters list --store STORE",
        "dead-letters show --store STORE ID",
        "dead-letters purge --store STORE ID",
        "generate-completion",
      })
  void aReaderThatHasSeenEnoughIsNoFailure(String command) throws Exception {
    Result result =
        ScanProcess.shell("{ $SCAN " + completed(command) + "; echo status $? >&2; } | true");

    assertThat(result.err()).isEqualTo("status 0\n");
  }

  private String completed(String command) {
    String id = DeadLetter.idOf(new Message("0", payload(0), Map.of(), TIME));
    return command.replace("STORE", "'" + file + "'").replace("ID", id);
  }

  private static byte[] payload(int number) {
    return ("message " + number + "x".repeat(500)).getBytes(StandardCharsets.UTF_8);
  }

  private static void assertFailed(Result result, String reason) {
    assertThat(result.status()).as(result.toString()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("scan: cannot write to standard output: " + reason)
        .contains("incomplete")
        .hasLineCount(1);
  }
}
