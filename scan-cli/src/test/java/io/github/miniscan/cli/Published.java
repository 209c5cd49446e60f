package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.ProgramUnderTest.Result;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the program published, and what must come of it. */
final class Published {

  private Published() {}

  /** Nasty traffic and the brief's two examples, published by the program. */
  static Oracle nastyTrafficAndExamples(String emulator, long seed, int messages, Path directory)
      throws Exception {
    Result traffic =
        ScanProcess.run(
            "publish",
            "--emulator",
            emulator,
            "--traffic",
            "nasty",
            "--seed",
            seed,
            "--count",
            messages);
    assertThat(traffic.status()).as(traffic.toString()).isZero();
    assertThat(traffic.out()).isEqualTo("{\"published\":" + messages + "}\n");
    Path examples =
        Files.writeString(
            directory.resolve("examples.jsonl"), Scans.EXAMPLE_1 + "\n" + Scans.EXAMPLE_2 + "\n");
    Result file = ScanProcess.run("publish", "--emulator", emulator, "--file", examples);
    assertThat(file.status()).as(file.toString()).isZero();
    assertThat(file.out()).isEqualTo("{\"published\":2}\n");

    Oracle oracle = Oracle.of(TrafficOptions.nasty(seed), messages);
    oracle.published(helloWorld(Scans.EXAMPLE_1, 80, "HTTP", 1_700_000_000));
    oracle.published(helloWorld(Scans.EXAMPLE_2, 22, "SSH", 1_700_000_001));
    return oracle;
  }

  private static TrafficMessage helloWorld(
      String payload, int port, String service, long scannedAt) {
    ScanKey key = new ScanKey(IpAddress.parse("1.1.1.1"), port, service);
    return TrafficMessage.becoming(
        ScanRecord.ofScan(key, scannedAt, Response.ofText("hello world")),
        payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Both examples come back, as the brief has them. */
  static void assertExamplesFound(Path store) {
    Result result =
        ProgramUnderTest.run("query", "--store", store, "--ip", "1.1.1.1", "--format", "jsonl");
    assertThat(result.status()).isZero();
    assertThat(result.lines())
        .contains(
            "{\"ip\":\"1.1.1.1\",\"port\":22,\"service\":\"SSH\","
                + "\"first_scanned\":\"2023-11-14T22:13:21Z\","
                + "\"last_scanned\":\"2023-11-14T22:13:21Z\",\"response\":\"hello world\"}",
            "{\"ip\":\"1.1.1.1\",\"port\":80,\"service\":\"HTTP\","
                + "\"first_scanned\":\"2023-11-14T22:13:20Z\","
                + "\"last_scanned\":\"2023-11-14T22:13:20Z\",\"response\":\"hello world\"}");
    assertThat(JsonObjects.in(result.out())).allMatch(Published::isOfTheHost);
  }

  private static boolean isOfTheHost(Map<String, String> printed) {
    return "1.1.1.1".equals(printed.get("ip"));
  }
}
