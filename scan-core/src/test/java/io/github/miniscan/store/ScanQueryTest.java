package io.github.miniscan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScanQueryTest {

  private static final IpAddress ONE = IpAddress.parse("1.1.1.1");
  private static final IpAddress TWO = IpAddress.parse("2.2.2.2");
  private static final ScanRecord A = record(ONE, 80, "HTTP");
  private static final ScanRecord B = record(ONE, 443, "HTTP");
  private static final ScanRecord C = record(TWO, 80, "http");

  /** A store that filters nothing itself. */
  private final ScanReader reader = query -> Stream.of(A, B, C);

  @Test
  void givesWhatMatchesEverythingThatIsGiven() {
    assertThat(find(ScanQuery.all())).containsExactly(A, B, C);
    assertThat(find(ScanQuery.all().withIp(ONE))).containsExactly(A, B);
    assertThat(find(ScanQuery.all().withPort(80))).containsExactly(A, C);
    assertThat(find(ScanQuery.all().withService("HTTP"))).containsExactly(A, B);
    assertThat(find(ScanQuery.all().withIp(ONE).withPort(80).withService("HTTP")))
        .containsExactly(A);
    assertThat(find(ScanQuery.all().withIp(TWO).withPort(443))).isEmpty();
  }

  @Test
  void tellsAStoreWhatIsAskedFor() {
    ScanQuery query = ScanQuery.all().withIp(ONE).withPort(0).withService("HTTP").withLimit(7);
    assertThat(query.ip()).contains(ONE);
    assertThat(query.port()).contains(0);
    assertThat(query.service()).contains("HTTP");
    assertThat(query.limit()).isEqualTo(7);
    assertThat(ScanQuery.all().ip()).isEmpty();
    assertThat(ScanQuery.all().port()).isEmpty();
    assertThat(ScanQuery.all().service()).isEmpty();
  }

  @Test
  void limitsWhatMatches() {
    assertThat(find(ScanQuery.all().withPort(80).withLimit(1))).containsExactly(A);
    assertThat(find(ScanQuery.all().withLimit(2).withPort(80))).containsExactly(A, C);
    assertThat(find(ScanQuery.all().withLimit(0))).isEmpty();
  }

  @Test
  void refusesWhatCanNotBeAskedFor() {
    assertThatThrownBy(() -> ScanQuery.all().withPort(65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port out of range: 65536 (0 to 65535)");
    assertThatThrownBy(() -> ScanQuery.all().withLimit(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit out of range: -1 (0 or more)");
  }

  private List<ScanRecord> find(ScanQuery query) {
    return reader.find(query).toList();
  }

  private static ScanRecord record(IpAddress ip, int port, String service) {
    return ScanRecord.ofScan(new ScanKey(ip, port, service), 1, Response.ofText("x"));
  }
}
