package io.github.miniscan.bench.parts;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.sqlite.WriteSettings;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * All records of one host, drawn at random: what {@code query --ip} does inside the process, with
 * percentiles.
 *
 * <p>{@code storeHit} and {@code storeMiss} ask a {@link SqliteScanStore}; to be compared with
 * {@code statementHit} and {@code statementMiss}: a prepared statement of one connection to the
 * same file, by the same driver, whose columns are read and no more. The file has been read once
 * before, so that the system has it in memory.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LookUpBenchmark {

  private static final String BY_IP =
      """
      SELECT ip, port, service, first_scanned, last_scanned, response
      FROM scan
      WHERE ip_key = ?
      ORDER BY port, service
      """;

  /** A file, and which of its hosts to ask for. */
  @State(Scope.Thread)
  public static class Table {
    @Param("10000")
    int records;

    private final SplittableRandom random = new SplittableRandom(1);
    private SqliteScanStore store;
    private Connection connection;
    private PreparedStatement statement;

    @Setup
    public void open() throws IOException, SQLException {
      Path file = PreparedFile.of(records);
      PreparedFile.warm(file);
      store = SqliteScanStore.openReadOnly(file);
      connection = WriteSettings.connect(file);
      statement = connection.prepareStatement(BY_IP);
    }

    @TearDown
    public void close() throws SQLException {
      connection.close();
      store.close();
    }

    private IpAddress known() {
      return NumberedScans.host(PreparedFile.NUMBERS_PER_RECORD * random.nextInt(records));
    }

    /** Between two hosts of the file. */
    private IpAddress unknown() {
      return IpAddress.ofBytes(next(known().bytes()));
    }

    private static byte[] next(byte[] address) {
      address[3]++;
      return address;
    }
  }

  @Benchmark
  public List<ScanRecord> storeHit(Table table) {
    return find(table.store, table.known());
  }

  @Benchmark
  public List<ScanRecord> storeMiss(Table table) {
    return find(table.store, table.unknown());
  }

  private static List<ScanRecord> find(SqliteScanStore store, IpAddress ip) {
    try (Stream<ScanRecord> found = store.find(ScanQuery.of(ScanFilter.all().withIp(ip)))) {
      return found.toList();
    }
  }

  @Benchmark
  public void statementHit(Table table, Blackhole read) throws SQLException {
    select(table.statement, table.known(), read);
  }

  @Benchmark
  public void statementMiss(Table table, Blackhole read) throws SQLException {
    select(table.statement, table.unknown(), read);
  }

  private static void select(PreparedStatement statement, IpAddress ip, Blackhole read)
      throws SQLException {
    byte[] address = ip.bytes();
    byte[] key = new byte[address.length + 1];
    key[0] = (byte) address.length;
    System.arraycopy(address, 0, key, 1, address.length);
    statement.setBytes(1, key);
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        read.consume(rows.getString(1));
        read.consume(rows.getInt(2));
        read.consume(rows.getString(3));
        read.consume(rows.getLong(4));
        read.consume(rows.getLong(5));
        read.consume(rows.getBytes(6));
      }
    }
  }
}
