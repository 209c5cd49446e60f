package io.github.miniscan.sqlite;

import static io.github.miniscan.sqlite.Scans.all;
import static io.github.miniscan.sqlite.Scans.scan;
import static io.github.miniscan.sqlite.Scans.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.IpAddress;
import io.github.miniscan.IpRange;
import io.github.miniscan.PortRange;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.TimeRange;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanQueriesTest {

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("scans.db");
  }

  // ---- the answers

  @Test
  void answersRandomQueriesAsTheCoreDoes() {
    long seed = Long.getLong("scan.seed", System.nanoTime());
    Random random = new Random(seed);
    try (ScanStore store = SqliteScanStore.open(path)) {
      ScanRecord[] scans =
          Stream.generate(() -> randomScan(random)).limit(3_000).toArray(ScanRecord[]::new);
      write(store, scans);
      List<ScanRecord> everything = all(store);
      for (int i = 0; i < 150; i++) {
        ScanQuery query = randomQuery(random, everything);

        assertThat(find(store, query).equals(query.answer(everything.stream()).toList()))
            .as("seed %d, query %d: %s", seed, i, query.filter().ips())
            .isTrue();
      }
    }
  }

  private static ScanRecord randomScan(Random random) {
    IpAddress ip = randomIp(random);
    ScanKey key = new ScanKey(ip, 3 * random.nextInt(40), "S" + random.nextInt(30));
    long first = random.nextInt(100);
    return new ScanRecord(
        key, first, first + random.nextInt(100), Response.ofText("r".repeat(random.nextInt(300))));
  }

  /** Few hosts and their neighbours, at both ends of both families. */
  private static IpAddress randomIp(Random random) {
    int host = random.nextInt(60) - 30;
    return random.nextBoolean()
        ? IpAddress.ofV4(random.nextBoolean() ? host : host + (10 << 24))
        : IpAddress.ofV6(random.nextInt(3) - 1, host);
  }

  private static ScanQuery randomQuery(Random random, List<ScanRecord> everything) {
    ScanFilter filter = ScanFilter.all();
    if (random.nextBoolean()) {
      filter = filter.withIps(listOf(random, 40, () -> randomRange(random)));
    }
    if (random.nextInt(3) == 0) {
      filter =
          filter.withPorts(
              listOf(
                  random,
                  24,
                  () -> {
                    int port = 3 * random.nextInt(40);
                    return new PortRange(port, port + random.nextInt(2));
                  }));
    }
    if (random.nextInt(3) == 0) {
      filter = filter.withServices(listOf(random, 24, () -> "S" + random.nextInt(35)));
    }
    if (random.nextInt(3) == 0) {
      filter = filter.withFirstScanned(TimeRange.ALL.since(random.nextInt(100)));
    }
    if (random.nextInt(3) == 0) {
      filter = filter.withLastScanned(TimeRange.ALL.before(random.nextInt(200)));
    }
    if (random.nextInt(4) == 0) {
      return ScanQuery.newest(filter, random.nextInt(50));
    }
    ScanQuery query = ScanQuery.of(filter);
    if (random.nextBoolean()) {
      query = query.withAfter(everything.get(random.nextInt(everything.size())).key());
    }
    return random.nextBoolean() ? query.withLimit(random.nextInt(100)) : query;
  }

  private static IpRange randomRange(Random random) {
    IpAddress one = randomIp(random);
    IpAddress other = random.nextInt(3) == 0 ? randomIp(random) : one;
    return one.isV4() != other.isV4() || one.compareTo(other) == 0
        ? IpRange.of(one)
        : one.compareTo(other) < 0 ? new IpRange(one, other) : new IpRange(other, one);
  }

  private static <T> List<T> listOf(
      Random random, int most, java.util.function.Supplier<T> element) {
    int few = random.nextInt(4) == 0 ? most : 3;
    return Stream.generate(element).limit(random.nextInt(few + 1)).toList();
  }

  @Test
  void continuesAfterAKeyThatIsNoLongerThere() {
    try (ScanStore store = SqliteScanStore.open(path)) {
      write(store, scan("1.1.1.1", 80, 1, "a"), scan("1.1.1.3", 80, 1, "b"));
      ScanKey between = scan("1.1.1.2", 80, 1, "").key();

      assertThat(find(store, ScanQuery.all().withAfter(between)))
          .containsExactly(scan("1.1.1.3", 80, 1, "b"));
      assertThat(
              find(
                  store,
                  ScanQuery.of(ScanFilter.all().withIp(IpAddress.parse("1.1.1.1")))
                      .withAfter(between)))
          .isEmpty();
    }
  }

  // ---- the way to them

  @Test
  void searchesOnlyTheRangesOfAddresses() throws Exception {
    SqliteScanStore.open(path).close();
    Condition wanted = new Condition();
    wanted.isInAny("port", List.of(PortRange.of(22), new PortRange(80, 90)));
    try (Connection connection = new Sql(path).connect();
        PreparedStatement plan =
            connection.prepareStatement("EXPLAIN QUERY PLAN " + ScanTable.page(wanted));
        ResultSet row = plan.executeQuery()) {
      row.next();
      assertThat(row.getString("detail"))
          .isEqualTo("SEARCH scan USING PRIMARY KEY ((ip_key,port,service)>(?,?,?) AND ip_key<?)");
      assertThat(row.next()).as("a separate sort").isFalse();
    }
  }

  @Test
  void passesOverRowsInShortReads() throws Exception {
    try (ScanStore store = SqliteScanStore.open(path)) {
      write(
          store,
          IntStream.range(0, 1_000)
              .mapToObj(i -> scan("1.1." + i / 250 + "." + i % 250, 80, i, "x"))
              .toArray(ScanRecord[]::new));
    }

    assertThat(readsOf(ScanQuery.of(ScanFilter.all().withPort(22)), 100)).isEqualTo(11);
    assertThat(readsOf(ScanQuery.of(ScanFilter.all().withPort(80)), 100)).isEqualTo(11);
    assertThat(readsOf(ScanQuery.of(ScanFilter.all().withPorts(List.of())), 100)).isOne();
    ScanFilter last = ScanFilter.all().withIp(IpAddress.parse("1.1.3.249"));
    assertThat(readsOf(ScanQuery.of(last), 100)).isOne();
    List<IpRange> hosts = new ArrayList<>();
    for (int i = 0; i < 400; i += 2) {
      hosts.add(IpRange.of(IpAddress.ofV4(i)));
    }
    assertThat(readsOf(ScanQuery.of(ScanFilter.all().withIps(hosts)), 100)).isEqualTo(2);
  }

  private int readsOf(ScanQuery query, int rows) throws Exception {
    try (Connection connection = new Sql(path).connect()) {
      StatementCache statements = new StatementCache(connection);
      PagedStream.Source<ScanRecord> pages = ScanTable.pages(query);
      int reads = 1;
      while (pages.read(statements, new PagedStream.Page<>(rows))) {
        reads++;
      }
      return reads;
    }
  }

  private static List<ScanRecord> find(ScanStore store, ScanQuery query) {
    try (Stream<ScanRecord> records = store.find(query)) {
      return records.toList();
    }
  }
}
