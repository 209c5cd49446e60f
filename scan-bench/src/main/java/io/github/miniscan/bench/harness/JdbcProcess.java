package io.github.miniscan.bench.harness;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.bench.contestants.KeyedRow;
import io.github.miniscan.sqlite.WriteSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Does with the driver alone what {@code floor.c} does with SQLite alone: what is left of the
 * distance between the store and the floor is the store's. It binds arrays and strings that were
 * made before, sorts by numbers, and executes as many rows at a time as the store does.
 */
public final class JdbcProcess {

  private static final int AT_A_TIME = 500;

  private JdbcProcess() {}

  /**
   * Prints as {@code floor.c} does.
   *
   * @param args the task's
   */
  public static void main(String[] args) throws IOException, SQLException {
    WriteTask task = WriteTask.ofArguments(args);
    List<Row> rows = rows(task.rows());
    List<Row> warmUp = rows(task.warmUpRows());
    System.gc();
    write(task.warmUpDatabase(), warmUp, task.batch(), 0);
    String line = write(task.database(), rows, task.batch(), task.uncounted());
    System.out.println(line + " sqlite " + Machine.sqliteOfDriver());
  }

  private static List<Row> rows(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (ScanRecord record : RowsFile.read(file)) {
      rows.add(new Row(record));
    }
    return rows;
  }

  private static String write(Path database, List<Row> rows, int size, int uncounted)
      throws SQLException {
    WriteSettings.makeFile(database);
    Stopwatch watch;
    try (Connection connection = WriteSettings.connect(database);
        Statement statement = connection.createStatement()) {
      for (String pragma : WriteSettings.pragmas()) {
        statement.execute("PRAGMA " + pragma);
      }
      watch = new Stopwatch();
      try (PreparedStatement upsert = connection.prepareStatement(WriteSettings.upsert())) {
        for (int from = 0; from < rows.size(); from += size) {
          if (from == uncounted) {
            watch = new Stopwatch();
          }
          Row[] batch = rows.subList(from, Math.min(rows.size(), from + size)).toArray(new Row[0]);
          Arrays.sort(batch);
          statement.execute("BEGIN IMMEDIATE");
          write(upsert, batch);
          statement.execute("COMMIT");
        }
      }
    }
    return watch.line(rows.size() - uncounted);
  }

  private static void write(PreparedStatement upsert, Row[] batch) throws SQLException {
    for (int i = 0; i < batch.length; i++) {
      batch[i].bind(upsert);
      upsert.addBatch();
      if ((i + 1) % AT_A_TIME == 0 || i + 1 == batch.length) {
        upsert.executeBatch();
      }
    }
  }

  /** A record as the statement takes it. */
  private static final class Row extends KeyedRow {
    private final String ip;
    private final long firstScanned;
    private final long lastScanned;
    private final byte[] response;
    private final int isText;

    Row(ScanRecord record) {
      super(ipKey(record.key().ip()), record.key().port(), record.key().service());
      ip = record.key().ip().toString();
      firstScanned = record.firstScanned();
      lastScanned = record.lastScanned();
      response = record.response().bytes();
      isText = RowsFile.isKeptAsText(record.response()) ? 1 : 0;
    }

    private static byte[] ipKey(IpAddress address) {
      byte[] bytes = address.bytes();
      byte[] ipKey = new byte[1 + bytes.length];
      ipKey[0] = (byte) (address.isV4() ? 4 : 6);
      System.arraycopy(bytes, 0, ipKey, 1, bytes.length);
      return ipKey;
    }

    void bind(PreparedStatement upsert) throws SQLException {
      upsert.setBytes(1, ipKey);
      upsert.setInt(2, port);
      upsert.setString(3, service);
      upsert.setString(4, ip);
      upsert.setLong(5, firstScanned);
      upsert.setLong(6, lastScanned);
      upsert.setBytes(7, response);
      upsert.setInt(8, isText);
    }
  }
}
