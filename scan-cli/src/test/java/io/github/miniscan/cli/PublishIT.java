package io.github.miniscan.cli;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.cli.ProgramUnderTest.Result;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that was not published is a failure, whenever that becomes known. */
class PublishIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String TOO_LARGE = "x".repeat(11_000_000);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aMessageThatTheServerRefusesIsAFailureWhereverItStands(int place) throws Exception {
    List<String> lines = new ArrayList<>(List.of(Scans.EXAMPLE_1, Scans.EXAMPLE_2));
    lines.add(place, TOO_LARGE);
    Path file = Files.write(directory.resolve("lines"), lines);
    try (TestServer server = TestServer.start()) {
      Result result = publish(server, file);

      assertFailed(result, "1 of ");
      assertThat(result.out()).isEqualTo("{\"published\":" + server.counts().published() + "}\n");
    }
  }

  @Test
  void theOnlyMessageThatTheServerRefusesIsAFailure() throws Exception {
    Path file = Files.writeString(directory.resolve("line"), TOO_LARGE);
    try (TestServer server = TestServer.start()) {
      Result result = publish(server, file);

      assertFailed(result, "1 of 1 messages were not published: ");
      assertThat(result.out()).isEqualTo("{\"published\":0}\n");
    }
  }

  @Test
  void aTopicThatGoesAwayBeforeTheLastLineIsAFailure() throws Exception {
    try (TestServer server = TestServer.start();
        ScanProcess publisher =
            ScanProcess.start("publish", "--emulator", server.address(), "--file", "-")) {
      try (OutputStream lines = publisher.in()) {
        lines.write((Scans.EXAMPLE_1 + "\n").getBytes(UTF_8));
        lines.flush();
        server.awaitPublished(1);
        deleteTopic(server);
        lines.write((Scans.EXAMPLE_2 + "\n").getBytes(UTF_8));
      }
      Result result = publisher.await(PATIENCE);

      assertFailed(result, "1 of 2 messages were not published: ");
      assertThat(result.err()).contains("projects/test-project/topics/scan-topic");
      assertThat(result.out()).isEqualTo("{\"published\":1}\n");
    }
  }

  /** Takes the minute for which a publisher tries to reach a server again. */
  @Test
  void aServerThatGoesAwayBeforeTheLastLineIsAFailure() throws Exception {
    try (TestServer server = TestServer.start();
        ScanProcess publisher =
            ScanProcess.start("publish", "--emulator", server.address(), "--file", "-")) {
      try (OutputStream lines = publisher.in()) {
        lines.write((Scans.EXAMPLE_1 + "\n").getBytes(UTF_8));
        lines.flush();
        server.awaitPublished(1);
        server.emulator().close();
        lines.write((Scans.EXAMPLE_2 + "\n").getBytes(UTF_8));
      }
      Result result = publisher.await(PATIENCE);

      assertFailed(result, "1 of 2 messages were not published: ");
      assertThat(result.out()).isEqualTo("{\"published\":1}\n");
    }
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstScan() throws Exception {
    Path file = Files.writeString(directory.resolve("marked"), "\ufeff" + Scans.EXAMPLE_1 + "\r\n");
    assertPublishedAsRecords(file, 1);
  }

  @Test
  void aFileCompressedByGzipIsRead() throws Exception {
    byte[] lines = ("\ufeff" + Scans.EXAMPLE_1 + "\n" + Scans.EXAMPLE_2).getBytes(UTF_8);
    assertPublishedAsRecords(Files.write(directory.resolve("scans.json.gz"), gzip(lines)), 2);
  }

  @Test
  void linesOfAPipeArePublishedAsTheyCome() throws Exception {
    try (TestServer server = TestServer.start();
        ScanProcess publisher =
            ScanProcess.start("publish", "--emulator", server.address(), "--file", "-")) {
      try (OutputStream lines = publisher.in()) {
        for (int i = 1; i <= 3; i++) {
          lines.write((Scans.EXAMPLE_1 + "\n").getBytes(UTF_8));
          lines.flush();
          server.awaitPublished(i);
        }
      }
      assertThat(publisher.await(PATIENCE).status()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "directory, is a directory",
    "nothing, no such file",
    "utf-16, UTF-16",
    "utf-16-unmarked, UTF-16",
    "pretty, jq -c .",
    "array, jq -c .[]",
    "cut.gz, cannot read",
    "broken.gz, cannot read",
    "scans.zst, zstd -dc",
    "lines/below, cannot read",
  })
  void aFileThatHoldsNoLinesIsToldInASentence(String name, String sentence) throws Exception {
    Files.createDirectory(directory.resolve("directory"));
    Files.writeString(directory.resolve("lines"), Scans.EXAMPLE_1);
    Files.writeString(directory.resolve("utf-16"), Scans.EXAMPLE_1, UTF_16);
    Files.write(directory.resolve("utf-16-unmarked"), Scans.EXAMPLE_1.getBytes(UTF_16LE));
    Files.writeString(directory.resolve("pretty"), "{\n  \"ip\": \"1.1.1.1\"\n}\n");
    Files.writeString(directory.resolve("array"), "[\n" + Scans.EXAMPLE_1 + "\n]\n");
    byte[] compressed = gzip(Scans.EXAMPLE_1.getBytes(UTF_8));
    Files.write(directory.resolve("cut.gz"), Arrays.copyOf(compressed, 30));
    compressed[40] ^= 0x55;
    Files.write(directory.resolve("broken.gz"), compressed);
    Files.write(
        directory.resolve("scans.zst"), new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0, 0});
    try (TestServer server = TestServer.start()) {
      Path file = directory.resolve(name);
      Result result =
          ProgramUnderTest.run("publish", "--emulator", server.address(), "--file", file);

      assertThat(result.status()).as(result.toString()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("scan publish: ")
          .contains(sentence, file.toString())
          .hasLineCount(1);
      assertThat(server.counts().published()).isZero();
    }
  }

  private void assertPublishedAsRecords(Path file, int count) throws Exception {
    try (TestServer server = TestServer.start()) {
      Result published = publish(server, file);
      assertThat(published.status()).as(published.toString()).isZero();
      Result consumed =
          ScanProcess.run(
              "consume",
              "--emulator",
              server.address(),
              "--store",
              directory.resolve("scans.db"),
              "--max-messages",
              count);
      assertThat(Counts.of(consumed)).isEqualTo(new Counts(count, count, 0, 0));
    }
  }

  private static byte[] gzip(byte[] bytes) throws Exception {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    }
    return compressed.toByteArray();
  }

  private static Result publish(TestServer server, Path file) throws Exception {
    try (ScanProcess publisher =
        ScanProcess.start("publish", "--emulator", server.address(), "--file", file)) {
      return publisher.await(PATIENCE);
    }
  }

  private static void deleteTopic(TestServer server) throws Exception {
    URI topic =
        URI.create(
            "http://"
                + server.address()
                + "/v1/projects/"
                + PubSubEmulator.KIT_PROJECT
                + "/topics/"
                + PubSubEmulator.KIT_TOPIC);
    HttpResponse<Void> deleted =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(topic).DELETE().build(),
                HttpResponse.BodyHandlers.discarding());
    assertThat(deleted.statusCode()).isEqualTo(200);
  }

  private static void assertFailed(Result result, String sentence) {
    assertThat(result.status()).as(result.toString()).isEqualTo(1);
    assertThat(result.err())
        .startsWith("scan publish: ")
        .contains(sentence)
        .doesNotContain("Exception")
        .hasLineCount(1);
  }
}
