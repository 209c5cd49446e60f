package io.github.miniscan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.github.miniscan.cli.output.CellWidth;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees on a terminal, which {@code script} of util-linux gives to a command. */
class TerminalIT {

  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);
  private static final String HOSTILE = "\u001b[2J\u001b]0;owned\u0007 \u009b31m\n";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void makeStore() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "skipped: no script of util-linux");
    file = directory.resolve("scans.db");
    try (ScanStore store = SqliteScanStore.open(file)) {
      List<Decoded<ScanRecord>> records = new ArrayList<>();
      List<DeadLetter> letters = new ArrayList<>();
      for (String ip :
          List.of("1.1.1.1", "203.0.113.255", "2001:db8:1111:2222:3333:4444:5555:6666")) {
        for (String service : List.of("HTTP", "\u7f51\u7ad9", "a service with quite a long name")) {
          for (String response : List.of("short", "x".repeat(500), "\ud83d\ude00".repeat(200))) {
            Message message =
                new Message(records.size() + "", (ip + service).getBytes(UTF_8), Map.of(), TIME);
            records.add(
                new Decoded<>(
                    message,
                    ScanRecord.ofScan(
                        new ScanKey(IpAddress.parse(ip), 10_000 + records.size(), service),
                        TIME.getEpochSecond(),
                        Response.ofText(HOSTILE + response))));
            letters.add(
                DeadLetter.of(message, Reason.UNSUPPORTED_DATA_VERSION, HOSTILE + response, TIME));
          }
        }
      }
      store.write(Batch.of(records, letters));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 100, 120, 200})
  void aTableFitsTheTerminal(int width) throws Exception {
    for (String command : List.of("query", "dead-letters list")) {
      List<String> lines = onTerminal(width, "$SCAN " + command + " --store '" + file + "'");

      assertThat(lines.size()).as(lines.toString()).isBetween(28, 31);
      assertThat(lines).allMatch(line -> CellWidth.of(line) <= width);
      assertThat(lines)
          .as("the room is used")
          .anyMatch(line -> CellWidth.of(line) >= width - 1)
          .noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    }
  }

  @Test
  void aNarrowTableHasWholeAddressesAndSomethingOfTheResponse() throws Exception {
    assertThat(onTerminal(80, "$SCAN query --store '" + file + "' --port 10019"))
        .satisfiesExactly(
            headings -> assertThat(headings).startsWith("IP  ").doesNotContain("FIRST SCANNED"),
            row ->
                assertThat(row)
                    .startsWith("2001:db8:1111:2222:3333:4444:5555:6666  10019  HTTP")
                    .contains("2023-11-14")
                    .endsWith("…"));
    assertThat(onTerminal(80, "$SCAN query --store '" + file + "' --port 10000").get(1))
        .isEqualTo(
            "1.1.1.1  10000  HTTP     2023-11-14T22:13:20Z  \\u001b[2J\\u001b]0;owned\\u0007 \\u…");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "consume",
        "query",
        "publish",
        "emulator",
        "demo",
        "dead-letters",
        "dead-letters list",
        "dead-letters show",
        "dead-letters replay",
        "dead-letters purge"
      })
  void helpFitsEightyColumns(String command) throws Exception {
    List<String> lines = onTerminal(80, "$SCAN " + command + " --help");

    assertThat(lines).hasSizeGreaterThan(5).allMatch(line -> line.length() <= 80);
    assertThat(lines)
        .as("examples are not broken")
        .noneMatch(line -> line.matches("[\\w-].* {2,}"));
  }

  @Test
  void csvOnATerminalIsHarmless() throws Exception {
    String query = "$SCAN query --format csv --port 10000 --store '" + file + "'";
    String list = "$SCAN dead-letters list --format csv --store '" + file + "'";

    assertThat(onTerminal(80, query))
        .hasSize(2)
        .noneMatch(line -> line.chars().anyMatch(Character::isISOControl))
        .anyMatch(line -> line.contains("\\u001b[2J"));
    assertThat(onTerminal(80, list))
        .noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    assertThat(ScanProcess.shell(query + " | cat").out()).contains(HOSTILE);
  }

  @Test
  void linesOfTheDemoFitTheTerminal() throws Exception {
    for (int width : new int[] {80, 160}) {
      Path store = directory.resolve("demo" + width + ".db");
      List<String> lines =
          onTerminal(width, "$SCAN demo --rate 200 --for 3s --store '" + store + "'");

      List<String> scans =
          lines.stream()
              .filter(line -> line.matches("(new|updated|stale|dead letter) .*"))
              .toList();
      assertThat(scans)
          .hasSizeGreaterThan(20)
          .allMatch(line -> CellWidth.of(line) <= width)
          .anyMatch(line -> CellWidth.of(line) >= width - 1);
    }
  }

  /** Runs a command on a terminal that is so wide, and returns what the terminal got. */
  private static List<String> onTerminal(int width, String command) throws Exception {
    String script =
        "unset COLUMNS; exec script -qec 'stty cols " + width + " rows 24; '\"$1\" /dev/null";
    String scan = String.join(" ", ScanProcess.command());
    List<String> words = List.of("sh", "-c", script, "sh", command.replace("$SCAN", scan));
    try (ScanProcess shell = ScanProcess.startCommand(Map.of(), words)) {
      Result result = shell.await(Duration.ofMinutes(3));
      assertThat(result.status()).as(result.toString()).isZero();
      return result
          .out()
          .lines()
          .map(line -> line.replaceAll("\r+$|\u001b\\[[0-9;]*m", ""))
          .toList();
    }
  }
}
