package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.ProgramUnderTest.Result;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people and environments give for options, however odd. */
class OptionsIT {

  private static final String VERY_LONG = "300000d";

  @TempDir private Path directory;

  // ---- free text

  @Test
  void aServiceOfAnyNameCanBeAskedFor() throws Exception {
    Path names = Files.writeString(directory.resolve("names"), "--limit 0");
    List<String> services =
        List.of(
            "-h",
            "--help",
            "--port",
            "--limit=0",
            "--",
            "-",
            "@",
            "@" + names,
            "@@" + names,
            "\"quoted\"",
            "'quoted'",
            "${sys:user.home}",
            "$HOME",
            "a,b",
            "%n%s",
            "query",
            "a b",
            "\\n",
            "=");
    Path file = directory.resolve("scans.db");
    List<Decoded<ScanRecord>> records = new ArrayList<>();
    for (String service : services) {
      ScanKey key = new ScanKey(IpAddress.parse("1.1.1.1"), 80, service);
      records.add(
          new Decoded<>(
              new Message("1", new byte[0], Map.of(), null),
              ScanRecord.ofScan(key, 0, Response.ofText(""))));
    }
    try (ScanStore store = SqliteScanStore.open(file)) {
      store.write(Batch.of(records, List.of()));
    }
    for (String service : services) {
      Result result =
          ProgramUnderTest.run("query", "--store", file, "--service", service, "--format", "jsonl");

      assertThat(JsonObjects.in(result.out()))
          .as(service + ": " + result)
          .extracting(printed -> printed.get("service"))
          .containsExactly(service);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query --store OPTION",
        "dead-letters list --store OPTION",
        "dead-letters show --store OPTION 01",
        "dead-letters purge --all --store OPTION",
        "dead-letters replay --store OPTION",
        "publish --emulator localhost:1 --file OPTION",
      })
  void aValueThatLooksLikeAnOptionIsAValue(String command) throws Exception {
    Path list = Files.writeString(directory.resolve("list"), "--help");
    for (String value : List.of("--help", "-V", "@" + list)) {
      Result result = ProgramUnderTest.run((Object[]) command.replace("OPTION", value).split(" "));

      assertThat(result.status()).as(result.toString()).isEqualTo(1);
      assertThat(result.err()).contains(value).hasLineCount(1);
      assertThat(result.out()).isEmpty();
    }
  }

  @Test
  void aFilterWithSeveralValuesHoldsWhereAnyOfThemDoes() {
    Path file = directory.resolve("scans.db");
    List<Decoded<ScanRecord>> records = new ArrayList<>();
    for (String ip : List.of("10.0.0.1", "10.255.255.255", "11.0.0.0", "1.1.1.5", "2001:db8::7")) {
      for (int port : new int[] {0, 80, 443, 8050, 65_535}) {
        for (String service : List.of("HTTP", "a,b")) {
          records.add(
              new Decoded<>(
                  new Message("1", new byte[0], Map.of(), null),
                  ScanRecord.ofScan(
                      new ScanKey(IpAddress.parse(ip), port, service), 0, Response.ofText(""))));
        }
      }
    }
    try (ScanStore store = SqliteScanStore.open(file)) {
      store.write(Batch.of(records, List.of()));
    }
    for (Map.Entry<String, Integer> query :
        Map.ofEntries(
                Map.entry("", 50),
                Map.entry("--ip 10.0.0.0/8", 20),
                Map.entry("--ip 10.0.0.0/8,2001:db8::/32", 30),
                Map.entry("--ip 10.0.0.0/8 --ip 2001:db8::/32 --ip 10.0.0.1", 30),
                Map.entry("--ip 1.1.1.1-1.1.1.9", 10),
                Map.entry("--ip ::/0", 10),
                Map.entry("--port 80,443", 20),
                Map.entry("--port 80 --port 443,8000-8100", 30),
                Map.entry("--port 0-65535", 50),
                Map.entry("--service HTTP", 25),
                Map.entry("--service a,b", 25),
                Map.entry("--service a", 0),
                Map.entry("--service HTTP --service a,b", 50),
                Map.entry("--ip 10.0.0.1,11.0.0.0 --port 80,81 --service HTTP --service x", 2),
                Map.entry("--ip 10.0.0.0/8 --limit 3", 3))
            .entrySet()) {
      List<Object> words = new ArrayList<>(List.of("query", "--store", file, "--format", "jsonl"));
      words.addAll(Arrays.stream(query.getKey().split(" ")).filter(w -> !w.isEmpty()).toList());
      Result result = ProgramUnderTest.run(words.toArray());
      assertThat(result.lines()).as(query + ": " + result).hasSize(query.getValue());
    }
  }

  // ---- the environment

  @ParameterizedTest
  @CsvSource({
    "PUBSUB_EMULATOR_HOST, nonsense, consume",
    "PUBSUB_EMULATOR_HOST, nonsense, publish",
    "PUBSUB_PROJECT_ID, a/b, consume",
    "PUBSUB_PROJECT_ID, a/b, publish",
    "PUBSUB_PROJECT_ID, a/b, emulator",
  })
  void aMalformedVariableIsNamedAndStopsNoHelp(String variable, String value, String command)
      throws Exception {
    Result help = withEnvironment(variable + "=" + value, command + " --help");
    assertThat(help.status()).as(help.toString()).isZero();
    assertThat(help.out()).contains("Usage: scan " + command);

    String server =
        variable.equals("PUBSUB_PROJECT_ID") && !command.equals("emulator")
            ? " --emulator localhost:1"
            : "";
    Result result = withEnvironment(variable + "=" + value, command + server);
    assertThat(result.status()).as(result.toString()).isEqualTo(2);
    assertThat(result.err()).contains("$" + variable, value).hasLineCount(2);

    String option = variable.equals("PUBSUB_PROJECT_ID") ? "--project" : "--emulator";
    Result given = withEnvironment("A=b", command + server + " " + option + " a/b");
    if (!command.equals("emulator") || option.equals("--project")) {
      assertThat(given.status()).as(given.toString()).isEqualTo(2);
      assertThat(given.err()).doesNotContain("$" + variable);
    }
  }

  @Test
  void anEmptyVariableIsAnAbsentOne() throws Exception {
    try (TestServer server = TestServer.start()) {
      Result published =
          withEnvironment(
              "PUBSUB_PROJECT_ID= PUBSUB_EMULATOR_HOST=" + server.address(), "publish --count 2");
      assertThat(published.out()).as(published.toString()).isEqualTo("{\"published\":2}\n");
    }
    String nobody =
        "HOME='" + directory + "' CLOUDSDK_CONFIG='" + directory + "' PUBSUB_EMULATOR_HOST= ";
    Result consumed =
        withEnvironment(
            nobody, "consume --connect-timeout 20s --store " + directory.resolve("scans.db"));
    assertThat(consumed.status()).isEqualTo(1);
    assertThat(consumed.err()).contains("credentials").doesNotContain("malformed");
  }

  private static Result withEnvironment(String assignments, String command) throws Exception {
    return ScanProcess.shell(assignments + " $SCAN " + command);
  }

  // ---- long durations

  @Test
  void veryLongDurationsAreWaitedForAsLongAsItTakes() throws Exception {
    Path file = directory.resolve("scans.db");
    try (TestServer server = TestServer.start()) {
      server.publish(Scans.EXAMPLE_1, "not a scan");
      for (String length : List.of(VERY_LONG, "106751991167300d", "9223372036854775807ms")) {
        server.publish(Scans.EXAMPLE_2);
        Result consumed =
            ScanProcess.run(
                "consume",
                "--emulator",
                server.address(),
                "--store",
                file,
                "--connect-timeout",
                length,
                "--until-idle",
                length,
                "--give-up-after",
                length,
                "--stop-within",
                length,
                "--max-skew",
                length,
                "--max-messages",
                "1");
        assertThat(consumed.status()).as(consumed.toString()).isZero();
        assertThat(Counts.of(consumed).settled()).isEqualTo(1);

        for (String command : List.of("list", "replay", "purge")) {
          List<Object> words = new ArrayList<>(List.of("dead-letters", command));
          words.addAll(List.of("--store", file, "--older-than", length));
          Result result = ProgramUnderTest.run(words.toArray());
          assertThat(result.status()).as(result.toString()).isZero();
          assertThat(result.out()).isIn("", "{\"replayed\":0,\"kept\":0}\n", "{\"purged\":0}\n");
        }
      }
    }
  }

  @Test
  void aDemoMayLastVeryLong() throws Exception {
    try (ScanProcess demo =
        ScanProcess.start(
            "demo", "--for", VERY_LONG, "--rate", "50", "--store", directory.resolve("demo.db"))) {
      demo.awaitErr(Duration.ofMinutes(3), err -> err.contains("new "));
      demo.signal("TERM");
      assertThat(demo.await(Duration.ofMinutes(3)).status()).isZero();
    }
  }

  // ---- ids

  @Test
  void anIdMayBeCutToABeginningThatNoOtherOneHas() throws Exception {
    Path file = directory.resolve("scans.db");
    try (TestServer server = TestServer.start()) {
      for (int i = 0; i < 40; i++) {
        server.publish("not a scan " + i);
      }
      ScanProcess.run(
          "consume", "--emulator", server.address(), "--store", file, "--max-messages", 40);
    }
    List<String> ids =
        JsonObjects.in(deadLetters("list", file, "--format", "jsonl").out()).stream()
            .map(letter -> letter.get("id") + "")
            .toList();
    String whole = ids.get(7);
    String beginning = whole.substring(0, 12);

    assertThat(deadLetters("show", file, beginning, "--format", "jsonl").out()).contains(whole);
    assertThat(deadLetters("show", file, beginning.toUpperCase(Locale.ROOT)).out()).contains(whole);
    assertThat(deadLetters("list", file, beginning, whole).lines()).hasSize(1);
    assertThat(deadLetters("replay", file, beginning).out())
        .isEqualTo("{\"replayed\":0,\"kept\":1}\n");
    assertThat(deadLetters("purge", file, beginning).out()).isEqualTo("{\"purged\":1}\n");

    // Of 39 ids, some two begin with the same one of 16 digits.
    String shared =
        ids.stream()
            .filter(id -> !id.equals(whole))
            .map(id -> id.substring(0, 1))
            .filter(digit -> countStarting(ids, whole, digit) > 1)
            .findFirst()
            .orElseThrow();
    for (String command : List.of("show", "list", "replay", "purge")) {
      Result ambiguous = deadLetters(command, file, shared);
      assertThat(ambiguous.status()).as(ambiguous.toString()).isEqualTo(1);
      assertThat(ambiguous.err())
          .contains(
              countStarting(ids, whole, shared)
                  + " dead letters have an id that begins with \""
                  + shared
                  + "\"");
      Result unknown = deadLetters(command, file, whole);
      assertThat(unknown.status()).as(unknown.toString()).isEqualTo(1);
      assertThat(unknown.err()).contains("no dead letter with the id \"" + whole + "\"");
    }
    assertThat(deadLetters("list", file).lines()).hasSize(39);
    assertThat(deadLetters("purge", file, "--all").out()).isEqualTo("{\"purged\":39}\n");
  }

  private static long countStarting(List<String> ids, String gone, String digit) {
    return ids.stream().filter(id -> !id.equals(gone) && id.startsWith(digit)).count();
  }

  private static Result deadLetters(String command, Path file, Object... more) {
    List<Object> words = new ArrayList<>(List.of("dead-letters", command, "--store", file));
    words.addAll(List.of(more));
    return ProgramUnderTest.run(words.toArray());
  }
}
