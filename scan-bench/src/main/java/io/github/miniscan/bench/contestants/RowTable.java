package io.github.miniscan.bench.contestants;

import io.github.miniscan.sqlite.WriteSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A table that holds what the table of {@code scan} holds, written with the same meaning: of one
 * key the least first time, and the latest response, or of one second the greatest. Responses are
 * kept as BLOBs, which is less work than text where it is text, and in their favour who write it.
 *
 * <p>For one thread at a time.
 */
final class RowTable implements AutoCloseable {

  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS scan (
        ip TEXT, port INTEGER, service TEXT, first_scanned INTEGER, last_scanned INTEGER,
        response BLOB, ip_key BLOB, PRIMARY KEY (ip_key, port, service)
      ) WITHOUT ROWID
      """;

  private static final String UPSERT =
      """
      INSERT INTO scan (ip_key, port, service, ip, first_scanned, last_scanned, response)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)
      ON CONFLICT (ip_key, port, service) DO UPDATE SET
        first_scanned = min(first_scanned, excluded.first_scanned),
        last_scanned = max(last_scanned, excluded.last_scanned),
        response = CASE
          WHEN excluded.last_scanned > last_scanned
            OR (excluded.last_scanned = last_scanned AND excluded.response > response)
          THEN excluded.response
          ELSE response END
      WHERE excluded.first_scanned < first_scanned
        OR excluded.last_scanned > last_scanned
        OR (excluded.last_scanned = last_scanned AND excluded.response > response)
      """;

  private final Connection connection;
  private final Statement statement;
  private final PreparedStatement upsert;

  private RowTable(Connection connection) throws SQLException {
    this.connection = connection;
    this.statement = connection.createStatement();
    this.upsert = connection.prepareStatement(UPSERT);
  }

  /** Opens the file, durable at each commit, and makes the table where there is none. */
  static RowTable open(Path database, List<String> pragmas) throws SQLException {
    Connection connection = WriteSettings.connect(database);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      for (String pragma : pragmas) {
        statement.execute("PRAGMA " + pragma);
      }
      statement.execute(CREATE);
    }
    return new RowTable(connection);
  }

  /** Writes the rows in one transaction, durable on return. */
  void write(List<Row> rows) throws SQLException {
    statement.execute("BEGIN IMMEDIATE");
    for (Row row : rows) {
      bind(row);
      upsert.addBatch();
    }
    upsert.executeBatch();
    statement.execute("COMMIT");
  }

  /** Writes one row in a transaction of its own, durable on return. */
  void write(Row row) throws SQLException {
    bind(row);
    upsert.executeUpdate();
  }

  private void bind(Row row) throws SQLException {
    upsert.setBytes(1, row.ipKey);
    upsert.setInt(2, row.port);
    upsert.setString(3, row.service);
    upsert.setString(4, row.ip);
    upsert.setLong(5, row.scannedAt);
    upsert.setBytes(6, row.response);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
