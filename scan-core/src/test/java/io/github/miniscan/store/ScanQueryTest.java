package io.github.miniscan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import io.github.miniscan.IpAddress;
import io.github.miniscan.IpRange;
import io.github.miniscan.PortRange;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanQueryTest {

  private static final IpAddress ONE = IpAddress.parse("1.1.1.1");
  private static final IpAddress TWO = IpAddress.parse("2.2.2.2");
  private static final ScanRecord A = record(ONE, 80, "HTTP", 10, 20);
  private static final ScanRecord B = record(ONE, 443, "HTTP", 5, 30);
  private static final ScanRecord C = record(TWO, 80, "http", 1, 30);
  private static final ScanFilter ALL = ScanFilter.all();

  @Test
  void answersWithTheRecordsThatMatchEveryPart() {
    assertThat(find(ALL)).containsExactly(A, B, C);
    assertThat(find(ALL.withIp(ONE))).containsExactly(A, B);
    assertThat(find(ALL.withPort(80))).containsExactly(A, C);
    assertThat(find(ALL.withService("HTTP"))).containsExactly(A, B);
    assertThat(find(ALL.withIp(ONE).withPort(80).withService("HTTP"))).containsExactly(A);
    assertThat(find(ALL.withIp(TWO).withPort(443))).isEmpty();
    assertThat(find(ALL.withFirstScanned(TimeRange.ALL.since(5).before(10)))).containsExactly(B);
    assertThat(find(ALL.withLastScanned(TimeRange.ALL.since(21)))).containsExactly(B, C);
    assertThat(find(ALL.withLastScanned(TimeRange.ALL.before(30)))).containsExactly(A);
  }

  @Test
  void answersWithTheRecordsThatMatchAnyValueOfAPart() {
    assertThat(find(ALL.withIps(List.of(IpRange.parse("2.0.0.0/8"), IpRange.of(ONE)))))
        .containsExactly(A, B, C);
    assertThat(find(ALL.withPorts(List.of(PortRange.parse("400-500"), PortRange.of(81)))))
        .containsExactly(B);
    assertThat(find(ALL.withServices(Set.of("http", "DNS")))).containsExactly(C);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void findsInManyRangesWhatIsInAnyOfThem(long seed) {
    Random random = new Random(seed);
    List<IpRange> ips = new ArrayList<>();
    List<PortRange> ports = new ArrayList<>();
    for (int i = random.nextInt(50); i > 0; i--) {
      int first = random.nextInt(500);
      int last = first + random.nextInt(4);
      ips.add(new IpRange(IpAddress.ofV4(first), IpAddress.ofV4(last)));
      ports.add(new PortRange(first, last));
    }
    for (int i = 0; i < 510; i++) {
      IpAddress ip = IpAddress.ofV4(i);
      int port = i;
      assertThat(ALL.withIps(ips).matches(new ScanKey(ip, 1, "HTTP")))
          .as("seed %d, %s in %s", seed, ip, ips)
          .isEqualTo(ips.stream().anyMatch(range -> range.contains(ip)));
      assertThat(ALL.withPorts(ports).matches(new ScanKey(ONE, port, "HTTP")))
          .as("seed %d, %d in %s", seed, port, ports)
          .isEqualTo(ports.stream().anyMatch(range -> range.contains(port)));
    }
  }

  @Test
  void answersNothingWhereAPartHasNoValue() {
    assertThat(find(ALL.withIps(List.of()))).isEmpty();
    assertThat(find(ALL.withPorts(List.of()))).isEmpty();
    assertThat(find(ALL.withServices(List.of()))).isEmpty();
  }

  @Test
  void tellsAStoreItsParts() {
    ScanFilter filter =
        ALL.withIps(List.of(IpRange.parse("10.0.0.0/9"), IpRange.parse("10.128.0.0/9")))
            .withPorts(List.of(PortRange.parse("5-9"), PortRange.parse("1-4")))
            .withService("HTTP");
    assertThat(filter.ips().orElseThrow()).containsExactly(IpRange.parse("10.0.0.0/8"));
    assertThat(filter.ports().orElseThrow()).containsExactly(new PortRange(1, 9));
    assertThat(filter.services()).contains(Set.of("HTTP"));
    assertThat(ALL.ips()).isEmpty();
    assertThat(ALL.ports()).isEmpty();
    assertThat(ALL.services()).isEmpty();
    ScanQuery query = ScanQuery.of(filter).withAfter(A.key()).withLimit(7);
    assertThat(query.filter()).isSameAs(filter);
    assertThat(query.after()).contains(A.key());
    assertThat(query.limit()).isEqualTo(7);
    assertThat(query.order()).isEqualTo(ScanQuery.Order.KEY);
  }

  @Test
  void limitsTheRecordsThatMatch() {
    assertThat(find(ScanQuery.of(ALL.withPort(80)).withLimit(1))).containsExactly(A);
    assertThat(find(ScanQuery.all().withLimit(0))).isEmpty();
  }

  @Test
  void continuesAfterAKeyWhetherItExistsOrNot() {
    assertThat(find(ScanQuery.all().withAfter(A.key()))).containsExactly(B, C);
    assertThat(find(ScanQuery.all().withAfter(new ScanKey(ONE, 81, "x")).withLimit(1)))
        .containsExactly(B);
    assertThat(find(ScanQuery.all().withAfter(C.key()))).isEmpty();
  }

  @Test
  void answersTheNewestFirstAndTiesByKey() {
    assertThat(find(ScanQuery.newest(ALL, 3))).containsExactly(B, C, A);
    assertThat(find(ScanQuery.newest(ALL, 2))).containsExactly(B, C);
    assertThat(find(ScanQuery.newest(ALL.withPort(80), 5))).containsExactly(C, A);
    assertThat(find(ScanQuery.newest(ALL, 0))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void answersTheNewestAsSortingEverythingWould(long seed) {
    Random random = new Random(seed);
    List<ScanRecord> rows = new ArrayList<>();
    for (int port = 0; port < 2_000; port++) {
      rows.add(record(ONE, port, "HTTP", 0, random.nextInt(50)));
    }
    List<ScanRecord> sorted =
        rows.stream()
            .sorted(
                Comparator.comparingLong(ScanRecord::lastScanned)
                    .reversed()
                    .thenComparing(ScanRecord::key))
            .toList();
    int limit = random.nextInt(2_100);
    assertThat(ScanQuery.newest(ALL, limit).answer(rows.stream()))
        .as("seed %d, limit %d", seed, limit)
        .containsExactlyElementsOf(sorted.subList(0, Math.min(limit, rows.size())));
  }

  @Test
  void closesTheRowsWithTheAnswer() {
    for (ScanQuery query : List.of(ScanQuery.all(), ScanQuery.newest(ALL, 1))) {
      Runnable closed = mock(Runnable.class);
      query.answer(Stream.of(A).onClose(closed)).close();
      verify(closed).run();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1L << 32, (-1L << 32) + 5, -1, 100_001, 1L << 32})
  void refusesLimitsThatAreOutOfRangeInThisOrder(long limit) {
    assertThatThrownBy(() -> ScanQuery.newest(ALL, 5).withLimit(limit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit out of range: " + limit + " (0 to 100000 in this order)");
  }

  @Test
  @Timeout(20)
  void matchesAgainstManyRangesAsFastAsAgainstFew() {
    int ranges = 200_000;
    List<IpRange> hosts = new ArrayList<>();
    for (int i = 0; i < ranges; i++) {
      hosts.add(IpRange.of(IpAddress.ofV4(2 * i)));
      hosts.add(IpRange.of(IpAddress.ofV6(1, 2L * i)));
    }
    ScanFilter filter = ALL.withIps(hosts);
    int matching = 0;
    for (int i = 0; i < 2 * ranges && !Thread.currentThread().isInterrupted(); i++) {
      matching += filter.matches(new ScanKey(IpAddress.ofV4(i), 80, "HTTP")) ? 1 : 0;
      matching += filter.matches(new ScanKey(IpAddress.ofV6(1, i), 80, "HTTP")) ? 1 : 0;
    }
    assertThat(matching).isEqualTo(2 * ranges);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void matchesWhatAnyRangeContains(long seed) {
    Random random = new Random(seed);
    List<IpRange> ranges = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      long first = random.nextInt(60);
      long last = first + random.nextInt(9);
      ranges.add(
          random.nextBoolean()
              ? new IpRange(IpAddress.ofV4((int) first), IpAddress.ofV4((int) last))
              : new IpRange(IpAddress.ofV6(0, first), IpAddress.ofV6(0, last)));
    }
    ScanFilter filter = ALL.withIps(ranges);
    for (int i = 0; i < 70; i++) {
      for (IpAddress ip : List.of(IpAddress.ofV4(i), IpAddress.ofV6(0, i))) {
        assertThat(filter.matches(new ScanKey(ip, 80, "HTTP")))
            .as("seed %d, %s of %s", seed, ip, ranges)
            .isEqualTo(ranges.stream().anyMatch(range -> range.contains(ip)));
      }
    }
  }

  @Test
  void refusesMissingParts() {
    assertThatThrownBy(() -> ScanQuery.of(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ScanQuery.newest(null, 1)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ScanQuery.all().withAfter(null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ALL.withFirstScanned(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ALL.withLastScanned(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void refusesInvalidQuestions() {
    assertThatThrownBy(() -> ALL.withPort(65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port out of range: 65536 (0 to 65535)");
    assertThatThrownBy(() -> ScanQuery.all().withLimit(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit out of range: -1 (0 or more)");
    assertThatThrownBy(() -> ScanQuery.newest(ALL, 100_001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit out of range: 100001 (0 to 100000 in this order)");
    assertThatThrownBy(() -> ScanQuery.newest(ALL, 1).withLimit(Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ScanQuery.newest(ALL, 1).withAfter(A.key()))
        .isInstanceOf(IllegalStateException.class);
  }

  private static List<ScanRecord> find(ScanFilter filter) {
    return find(ScanQuery.of(filter));
  }

  private static List<ScanRecord> find(ScanQuery query) {
    return query.answer(Stream.of(A, B, C)).toList();
  }

  private static ScanRecord record(
      IpAddress ip, int port, String service, long firstScanned, long lastScanned) {
    return new ScanRecord(
        new ScanKey(ip, port, service), firstScanned, lastScanned, Response.ofText("x"));
  }
}
