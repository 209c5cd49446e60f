package io.github.miniscan.bench.parts;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.sqlite.WriteSettings;
import io.github.miniscan.store.ScanQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * All records of a file, in the order of keys: what {@code query} without a condition reads, given
 * as {@code records} a second.
 *
 * <p>{@code store} is to be compared with {@code statement}: one cursor over the same file, by the
 * same driver, whose columns are read and no more, and which would hold up checkpoints all along.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class FullScanBenchmark {

  private static final String ALL =
      """
      SELECT ip, port, service, first_scanned, last_scanned, response
      FROM scan
      ORDER BY ip_key, port, service
      """;

  /** A file to read. */
  @State(Scope.Thread)
  public static class Table {
    @Param("10000")
    int records;

    private SqliteScanStore store;
    private Connection connection;

    @Setup
    public void open() throws IOException, SQLException {
      Path file = PreparedFile.of(records);
      PreparedFile.warm(file);
      store = SqliteScanStore.openReadOnly(file);
      connection = WriteSettings.connect(file);
    }

    @TearDown
    public void close() throws SQLException {
      connection.close();
      store.close();
    }
  }

  /** Records beside whole files. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Rate {
    public long records;
  }

  @Benchmark
  public void store(Table table, Rate rate, Blackhole read) {
    try (Stream<ScanRecord> found = table.store.find(ScanQuery.all())) {
      for (Iterator<ScanRecord> each = found.iterator(); each.hasNext(); ) {
        read.consume(each.next());
        rate.records++;
      }
    }
  }

  @Benchmark
  public void statement(Table table, Rate rate, Blackhole read) throws SQLException {
    try (Statement statement = table.connection.createStatement();
        ResultSet rows = statement.executeQuery(ALL)) {
      while (rows.next()) {
        read.consume(rows.getString(1));
        read.consume(rows.getInt(2));
        read.consume(rows.getString(3));
        read.consume(rows.getLong(4));
        read.consume(rows.getLong(5));
        read.consume(rows.getBytes(6));
        rate.records++;
      }
    }
  }
}
