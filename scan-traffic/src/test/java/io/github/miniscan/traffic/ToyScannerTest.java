package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ToyScannerTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_740_298_123, 999_999_999);
  private static final Pattern PAYLOAD =
      Pattern.compile(
          "\\{\"ip\":\"1\\.1\\.1\\.\\d+\",\"port\":\\d+,\"service\":\"(HTTP|SSH|DNS)\","
              + "\"timestamp\":1740298123,\"data_version\":(1|2),\"data\":\\{"
              + "(\"response_bytes_utf8\":\"[A-Za-z0-9+/]+=*\"|"
              + "\"response_str\":\"service response: \\d\\d?\")\\}\\}");

  @Test
  void publishesWhatTheKitPublishes() throws Exception {
    ToyScanner scanner = new ToyScanner(1, InstantSource.fixed(NOW));
    JsonScanDecoder decoder = new JsonScanDecoder();
    int ofVersion1 = 0;
    Set<String> hosts = new HashSet<>();
    Set<String> responses = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      byte[] payload = scanner.next();
      String text = new String(payload, UTF_8);
      assertThat(text).matches(PAYLOAD);
      ScanRecord record = decoder.decode(new Message("1", payload, Map.of(), NOW));
      assertThat(record.key().port()).isLessThan(65_535);
      assertThat(record.lastScanned()).isEqualTo(NOW.getEpochSecond());
      assertThat(record.response().text()).matches("service response: \\d\\d?");
      hosts.add(record.key().ip().toString());
      responses.add(record.response().text());
      ofVersion1 += text.contains("\"data_version\":1") ? 1 : 0;
    }
    assertThat(hosts).hasSize(255).contains("1.1.1.0", "1.1.1.254");
    assertThat(responses).hasSize(100);
    assertThat(ofVersion1).isBetween(9_500, 10_500);
  }

  @Test
  void repeatsItselfWithTheSameSeed() {
    ToyScanner one = new ToyScanner(7, InstantSource.fixed(NOW));
    ToyScanner same = new ToyScanner(7, InstantSource.fixed(NOW));
    ToyScanner other = new ToyScanner(8, InstantSource.fixed(NOW));
    byte[] first = one.next();
    assertThat(same.next()).isEqualTo(first);
    assertThat(other.next()).isNotEqualTo(first);
  }
}
