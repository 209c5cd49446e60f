package io.github.miniscan.bench.harness;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.bench.parts.NumberedScans;
import io.github.miniscan.bench.parts.PreparedFile;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Quantiles;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.sqlite.WriteSettings;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * All records of one host, drawn at random: by the store, and by a prepared statement of the same
 * driver whose columns are read and no more. Both take turns, block by block, in this process.
 */
final class LookupSection implements Section {

  private static final String STORE = "SqliteScanStore.find";
  private static final String STATEMENT = "prepared statement";
  private static final String MEDIAN = "p50_us";
  private static final String NINETY_NINE = "p99_us";

  private static final String BY_IP =
      """
      SELECT ip, port, service, first_scanned, last_scanned, response
      FROM scan
      WHERE ip_key = ?
      ORDER BY port, service
      """;

  private static final int RECORDS = 10_000_000;
  private static final int BLOCK = 1_000;
  private static final int BLOCKS = 100;
  private static final int WARM_BLOCKS = 30;
  private static final double GOAL = 1.5;

  @Override
  public String name() {
    return "lookup";
  }

  @Override
  public List<String> tables() {
    return List.of("lookup");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException {
    int records = options.size(RECORDS, 100_000);
    int blocks = options.size(BLOCKS, 10);
    String group = "%,d records".formatted(records);
    Path file = PreparedFile.of(records);
    PreparedFile.warm(file);
    Runs runs = new Runs();
    try (SqliteScanStore store = SqliteScanStore.openReadOnly(file);
        Connection connection = WriteSettings.connect(file);
        PreparedStatement statement = connection.prepareStatement(BY_IP)) {
      LookUp byStore = ip -> find(store, ip);
      LookUp byStatement = ip -> select(statement, ip);
      SplittableRandom random = new SplittableRandom(1);
      alternate(byStore, byStatement, records, WARM_BLOCKS, random);
      for (int round = 1; round <= options.rounds(); round++) {
        double[][] micros = alternate(byStore, byStatement, records, blocks, random);
        runs.add(run(group, STORE, round, micros[0]));
        runs.add(run(group, STATEMENT, round, micros[1]));
      }
    } catch (SQLException e) {
      throw new HarnessException("cannot look up in " + file + ": " + e.getMessage(), e);
    }
    return report(runs, group, records, blocks);
  }

  private SectionReport report(Runs runs, String group, int records, int blocks) {
    Table.Builder table = Table.builder("lookup", group + ", µs", "p50", "p99");
    for (String contestant : List.of(STORE, STATEMENT)) {
      table.row(
          contestant,
          Figures.cell(runs.spread(group, contestant, MEDIAN)),
          Figures.cell(runs.spread(group, contestant, NINETY_NINE)));
    }
    table.row(
        "ratio",
        Figures.cell(runs.ratio(group, STORE, STATEMENT, MEDIAN)),
        Figures.cell(runs.ratio(group, STORE, STATEMENT, NINETY_NINE)));
    return new SectionReport(
        name(),
        Map.of(
            "records", Integer.toString(records),
            "look_ups_each_a_round", Integer.toString(blocks * BLOCK)),
        Map.of(),
        runs.all(),
        List.of(table.build()),
        List.of(
            Goal.atMost(
                GOAL,
                "",
                "look-up p99 among " + group + " against a bare statement",
                runs.ratio(group, STORE, STATEMENT, NINETY_NINE))),
        List.of());
  }

  /** A row as the driver gives it. */
  private record Row(
      String ip, int port, String service, long first, long last, ByteBuffer response) {}

  /** Looks a host up and reads all that is known of it. */
  @FunctionalInterface
  private interface LookUp {
    /** How many records there are. */
    int of(IpAddress ip) throws SQLException;
  }

  /** Microseconds of each look-up by the first, and by the second. */
  private static double[][] alternate(
      LookUp first, LookUp second, int records, int blocks, SplittableRandom random)
      throws SQLException {
    double[][] micros = new double[2][blocks * BLOCK];
    for (int block = 0; block < blocks; block++) {
      int leading = block % 2;
      fill(micros[leading], block, leading == 0 ? first : second, records, random);
      fill(micros[1 - leading], block, leading == 0 ? second : first, records, random);
    }
    return micros;
  }

  private static void fill(
      double[] micros, int block, LookUp lookUp, int records, SplittableRandom random)
      throws SQLException {
    for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
      IpAddress ip = NumberedScans.host(PreparedFile.NUMBERS_PER_RECORD * random.nextInt(records));
      long start = System.nanoTime();
      int found = lookUp.of(ip);
      micros[i] = (System.nanoTime() - start) / 1e3;
      if (found == 0) {
        throw new HarnessException("nothing was found of " + ip);
      }
    }
  }

  private static int find(SqliteScanStore store, IpAddress ip) {
    try (Stream<ScanRecord> found = store.find(ScanQuery.of(ScanFilter.all().withIp(ip)))) {
      return found.toList().size();
    }
  }

  private static int select(PreparedStatement statement, IpAddress ip) throws SQLException {
    byte[] address = ip.bytes();
    byte[] key = new byte[address.length + 1];
    key[0] = (byte) (ip.isV4() ? 4 : 6);
    System.arraycopy(address, 0, key, 1, address.length);
    statement.setBytes(1, key);
    List<Row> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(
            new Row(
                rows.getString(1),
                rows.getInt(2),
                rows.getString(3),
                rows.getLong(4),
                rows.getLong(5),
                ByteBuffer.wrap(rows.getBytes(6))));
      }
    }
    return found.size();
  }

  private static Run run(String group, String contestant, int round, double[] micros) {
    Arrays.sort(micros);
    Run run =
        new Run(
            group,
            contestant,
            round,
            Map.of(MEDIAN, Quantiles.of(micros, 0.5), NINETY_NINE, Quantiles.of(micros, 0.99)),
            "");
    Progress.say(run);
    return run;
  }
}
