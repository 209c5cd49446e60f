package io.github.miniscan.peers.brief;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The table that has the newest scan of each key, in a SQLite file. */
public final class ScanTable {

  /** Makes the table where there is none. */
  public static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS scan(
        ip TEXT, port INT, service TEXT, last_scanned INT, response TEXT,
        PRIMARY KEY (ip, port, service))
      """;

  /** Keeps a scan unless the table has one that is as new: of a tie the first stays. */
  public static final String UPSERT =
      """
      INSERT INTO scan(ip, port, service, last_scanned, response) VALUES(?, ?, ?, ?, ?)
      ON CONFLICT(ip, port, service) DO UPDATE
      SET last_scanned = excluded.last_scanned, response = excluded.response
      WHERE excluded.last_scanned > scan.last_scanned
      """;

  private ScanTable() {}

  /** The JDBC address of a file: durable at each commit, and patient with a lock for a while. */
  public static String url(String file) {
    return "jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000";
  }

  /** Makes the table where there is none. */
  public static void create(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
    }
  }
}
