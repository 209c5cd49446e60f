package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.ingest.SourceException;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingExampleTest {

  private static final String PAYLOAD =
      "{\"ip\":\"1.1.1.1\",\"port\":80,\"service\":\"HTTP\",\"timestamp\":1700000000,"
          + "\"data_version\":2,\"data\":{\"response_str\":\"hello world\"}}";

  @TempDir private Path folder;

  @Test
  void keepsWhatItsSourceDelivers() throws Exception {
    Path file = folder.resolve("scans.db");
    OneMessage source = new OneMessage();

    try {
      EmbeddingExample.run(source, file);
    } catch (SourceException endOfTheExample) {
      assertThat(endOfTheExample).hasMessage("that was all");
    }

    assertThat(source.acked).isTrue();
    try (ScanStore store = SqliteScanStore.openReadOnly(file);
        Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      assertThat(records)
          .containsExactly(
              ScanRecord.ofScan(
                  new ScanKey(IpAddress.parse("1.1.1.1"), 80, "HTTP"),
                  1_700_000_000,
                  Response.ofText("hello world")));
    }
  }

  @Test
  void isWhatTheReadmeShows() throws IOException {
    assertThat(javaOf(Path.of("..", "README.md"))).isEqualTo(markedLines());
  }

  private static String javaOf(Path readme) throws IOException {
    String text = Files.readString(readme);
    int start = text.indexOf("```java\n") + "```java\n".length();
    return text.substring(start, text.indexOf("```", start));
  }

  private static String markedLines() throws IOException {
    Path source = Path.of("src/test/java/io/github/miniscan/sqlite/EmbeddingExample.java");
    List<String> lines = Files.readAllLines(source);
    return lines
        .subList(lines.indexOf("    // README begins") + 1, lines.indexOf("    // README ends"))
        .stream()
        .map(line -> line.isEmpty() ? line : line.substring(4))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** Delivers one message and then can not go on. */
  private static final class OneMessage implements MessageSource {
    private boolean delivered;
    private boolean acked;

    @Override
    public List<Delivery> receive(int maxDeliveries, Duration maxWait) {
      if (delivered) {
        throw new SourceException("that was all");
      }
      delivered = true;
      List<Delivery> deliveries = new ArrayList<>();
      deliveries.add(
          new Delivery() {
            @Override
            public Message message() {
              byte[] payload = PAYLOAD.getBytes(StandardCharsets.UTF_8);
              return new Message("1", payload, Map.of(), Instant.now());
            }

            @Override
            public int attempt() {
              return 1;
            }

            @Override
            public void ack() {
              acked = true;
            }

            @Override
            public void nack() {}
          });
      return deliveries;
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
  }
}
