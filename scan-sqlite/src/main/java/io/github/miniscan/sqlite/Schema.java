package io.github.miniscan.sqlite;

import io.github.miniscan.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The contents of the file, as numbered migrations: the n-th leads from version n-1 to version n,
 * which the file carries as its {@code user_version}. A migration that was released never changes.
 *
 * @param migrations from the first on, each one or more SQL statements
 */
record Schema(List<String> migrations) {

  /** Marks our files, in the header at offset 68: "mscn". */
  static final int APPLICATION_ID = 0x6d73636e;

  // SQLite keeps the comments inside of CREATE statements: the file explains itself by them. The
  // key's columns come last, and are NOT NULL only by being the key's and the others by a CHECK,
  // because the integrity_check of SQLite 3.40, which many systems have, finds NULLs in a table
  // WITHOUT ROWID that has NOT NULL columns before those of its key.
  private static final String VERSION_1 =
      """
      CREATE TABLE scan (
        -- One row for each (ip, port, service) that was ever scanned.
        ip TEXT,               -- 1.1.1.1, or 2001:db8::1 (RFC 5952)
        port INTEGER,          -- 0 to 65535
        service TEXT,          -- as the scanner named it
        first_scanned INTEGER, -- the earliest scan, in seconds since 1970-01-01 UTC
        last_scanned INTEGER,  -- the latest scan, in the same unit
        response BLOB,         -- the answer to the latest scan, exact: TEXT where it is UTF-8
                               -- without U+0000 (which SQLite's tools take for its end), else
                               -- BLOB; of several within one second the greatest by
                               -- CAST(response AS BLOB)
        ip_key BLOB,           -- the byte 4 or 6 and the bytes of the address: sorts as addresses
                               -- do, and is the fast way to hosts and networks:
                               -- ip_key = x'0401010101' is 1.1.1.1,
                               -- ip_key BETWEEN x'040A000000' AND x'040AFFFFFF' is 10.0.0.0/8
        PRIMARY KEY (ip_key, port, service),
        CHECK (ip IS NOT NULL AND first_scanned IS NOT NULL AND last_scanned IS NOT NULL
          AND response IS NOT NULL)
      ) WITHOUT ROWID;

      CREATE TABLE dead_letter (
        -- One row for each message that could not become a record of scan.
        id TEXT NOT NULL PRIMARY KEY,     -- 32 hexadecimal digits, derived from the message
        reason TEXT NOT NULL,             -- for programs: MALFORMED_JSON, INVALID_IP, ...
        detail TEXT NOT NULL,             -- for people
        message_id TEXT NOT NULL,         -- as the queue numbered it
        publish_time INTEGER,             -- when the queue took it, in seconds since 1970-01-01 UTC,
        publish_nanos INTEGER,            -- and nanoseconds of that second; NULL when unknown
        received_at INTEGER NOT NULL,     -- when it was rejected, in the same units
        received_nanos INTEGER NOT NULL,
        attributes TEXT NOT NULL,         -- a JSON object
        payload BLOB NOT NULL             -- the bytes of the message, exact
      );

      CREATE INDEX dead_letter_by_arrival ON dead_letter (received_at, received_nanos, id);
      """;

  /** The schema that this version of the program reads and writes. */
  static final Schema CURRENT = new Schema(List.of(VERSION_1));

  /** Each column of each table, by its name and that of its table. */
  private static final String COLUMNS =
      "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
          + " WHERE t.type = 'table'";

  Schema {
    migrations = List.copyOf(migrations);
  }

  int version() {
    return migrations.size();
  }

  /**
   * The marks of a file, all of one instant: another program may be making the file.
   *
   * @param applicationId the program that the file belongs to; 0 where the file does not say
   * @param version the number of the last migration
   * @param isEmpty whether the file has no table
   */
  record Mark(int applicationId, int version, boolean isEmpty) {

    /** One query with a table in it is one read transaction, which pragmas alone are not. */
    static final String QUERY =
        "SELECT (SELECT application_id FROM pragma_application_id),"
            + " (SELECT user_version FROM pragma_user_version),"
            + " NOT EXISTS (SELECT * FROM sqlite_schema)";

    static Mark read(ResultSet row) throws SQLException {
      row.next();
      return new Mark(row.getInt(1), row.getInt(2), row.getBoolean(3));
    }

    boolean isOurs() {
      return applicationId == APPLICATION_ID;
    }
  }

  /**
   * Refuses a file of another program or of a newer version of this one, and a copy that has lost
   * its marks.
   *
   * @return the marks of a file that is ours or empty
   * @throws StoreException when the file is refused
   */
  Mark check(Statement statement, Sentences sentences) throws SQLException {
    Mark mark;
    try (ResultSet row = statement.executeQuery(Mark.QUERY)) {
      mark = Mark.read(row);
    }
    if (!isKnown(mark, sentences)) {
      int version = mark.applicationId() == 0 || mark.isOurs() ? versionOf(statement) : 0;
      throw version > 0 ? sentences.unmarked(version) : sentences.foreign();
    }
    return mark;
  }

  /**
   * Returns whether the marks are those of a file that is ours, or empty.
   *
   * @throws StoreException when the file is of a newer version
   */
  boolean isKnown(Mark mark, Sentences sentences) {
    if (mark.isOurs() && mark.version() > version()) {
      throw sentences.newer(mark.version(), version());
    }
    return mark.isOurs()
        ? mark.version() > 0 || mark.isEmpty()
        : mark.applicationId() == 0 && mark.isEmpty();
  }

  /** Returns the last version whose tables and columns are all in the file; 0 for none. */
  private int versionOf(Statement file) throws SQLException {
    Set<String> there = columns(file);
    try (Connection memory = DatabaseFile.config().createConnection("jdbc:sqlite::memory:");
        Statement made = memory.createStatement()) {
      for (int version = 0; version < version(); version++) {
        made.executeUpdate(migrations.get(version));
        if (!there.containsAll(columns(made))) {
          return version;
        }
      }
      return version();
    }
  }

  private static Set<String> columns(Statement statement) throws SQLException {
    Set<String> columns = new HashSet<>();
    try (ResultSet row = statement.executeQuery(COLUMNS)) {
      while (row.next()) {
        columns.add(row.getString(1));
      }
    }
    return columns;
  }

  /** Brings a file of an earlier version, or a new one, to this version, inside a transaction. */
  void migrate(Connection connection, int from) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String migration : migrations.subList(from, version())) {
        statement.executeUpdate(migration);
      }
      statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
      statement.executeUpdate("PRAGMA user_version = " + version());
    }
  }
}
