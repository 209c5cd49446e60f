package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.cli.ProgramUnderTest.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What scripts build on, to the byte: the JSON and CSV of {@code query} and {@code dead-letters},
 * the last line of {@code consume}, and the exit statuses (3 is in {@link MistakesIT}). Written
 * down here, and not taken from the program.
 */
class ContractIT {

  private static final String FIRST =
      "{\"ip\":\"1.1.1.1\",\"port\":22,\"service\":\"SSH\","
          + "\"first_scanned\":\"2023-11-14T22:13:21Z\","
          + "\"last_scanned\":\"2023-11-14T22:13:21Z\",\"response\":\"hello world\"}";
  private static final String SECOND =
      "{\"ip\":\"1.1.1.1\",\"port\":80,\"service\":\"HTTP\","
          + "\"first_scanned\":\"2023-11-14T22:13:20Z\","
          + "\"last_scanned\":\"2023-11-14T22:13:20Z\",\"response\":\"hello world\"}";
  private static final String THIRD =
      "{\"ip\":\"2001:db8::1\",\"port\":80,\"service\":\"HTTP\","
          + "\"first_scanned\":\"2023-11-14T22:13:20Z\","
          + "\"last_scanned\":\"2023-11-14T22:13:20Z\",\"response\":\"\ufffd\\u001B[2J\","
          + "\"response_base64\":\"/xtbMko=\"}";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void consume() throws Exception {
    file = directory.resolve("scans.db");
    try (TestServer server = TestServer.start()) {
      server.publish(
          Scans.EXAMPLE_1,
          Scans.EXAMPLE_2,
          Scans.EXAMPLE_2,
          Scans.scan("2001:DB8:0::1", new byte[] {(byte) 0xff, 0x1b, '[', '2', 'J'}),
          "not a scan");
      Result consumed =
          ScanProcess.run(
              "consume", "--emulator", server.address(), "--store", file, "--max-messages", 5);

      assertThat(consumed.status()).as(consumed.toString()).isZero();
      assertThat(consumed.out())
          .isEqualTo("{\"settled\":5,\"stored\":3,\"stale\":1,\"dead_letters\":1}\n");
    }
  }

  @Test
  void queryAsJsonLines() throws Exception {
    assertThat(run("query", "--store", file).out())
        .isEqualTo(FIRST + "\n" + SECOND + "\n" + THIRD + "\n");
    assertThat(run("query", "--store", file, "--ip", "::9")).isEqualTo(new Result(0, "", ""));
  }

  @Test
  void queryAsJson() throws Exception {
    assertThat(run("query", "--store", file, "--format", "json").out())
        .isEqualTo("[" + FIRST + ",\n " + SECOND + ",\n " + THIRD + "]\n");
    assertThat(run("query", "--store", file, "--format", "json", "--port", "9").out())
        .isEqualTo("[]\n");
  }

  @Test
  void queryAsCsv() throws Exception {
    assertThat(run("query", "--store", file, "--format", "csv").out())
        .isEqualTo(
            "ip,port,service,first_scanned,last_scanned,response,response_base64\n"
                + "1.1.1.1,22,SSH,2023-11-14T22:13:21Z,2023-11-14T22:13:21Z,hello world,\n"
                + "1.1.1.1,80,HTTP,2023-11-14T22:13:20Z,2023-11-14T22:13:20Z,hello world,\n"
                + "2001:db8::1,80,HTTP,2023-11-14T22:13:20Z,2023-11-14T22:13:20Z,"
                + "\ufffd\u001b[2J,/xtbMko=\n");
  }

  @Test
  void deadLetters() throws Exception {
    String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";
    assertThat(run("dead-letters", "list", "--store", file).out())
        .matches(
            "\\{\"id\":\"[0-9a-f]{32}\",\"reason\":\"MALFORMED_JSON\",\"detail\":\"[^\"]+\","
                + "\"message_id\":\"\\d+\",\"publish_time\":\""
                + time
                + "\",\"received_at\":\""
                + time
                + "\",\"attributes\":\\{\\},\"payload_base64\":\"bm90IGEgc2Nhbg==\"\\}\n");
    assertThat(run("dead-letters", "replay", "--store", file).out())
        .isEqualTo("{\"replayed\":0,\"kept\":1}\n");
    assertThat(run("dead-letters", "purge", "--all", "--store", file, "--format", "csv").out())
        .isEqualTo("purged\n1\n");
  }

  @Test
  void exitStatuses() throws Exception {
    assertThat(run("query", "--store", file, "--ip", "203.0.113.1").status()).isZero();
    assertThat(run("query", "--store", directory.resolve("none.db")).status()).isEqualTo(1);
    assertThat(run("query", "--store", file, "--ip", "1.1.1").status()).isEqualTo(2);
    assertThat(run("query", "--store", file, "--nope").status()).isEqualTo(2);
    assertThat(run("consume", "--emulator", "nope").out())
        .isEqualTo("{\"settled\":0,\"stored\":0,\"stale\":0,\"dead_letters\":0}\n");
  }

  private static Result run(Object... words) throws Exception {
    return ScanProcess.run(words);
  }
}
