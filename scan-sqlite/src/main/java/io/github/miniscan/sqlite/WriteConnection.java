package io.github.miniscan.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes, always in one transaction that it begins and commits by statements of
 * its own. For one thread at a time. After a failure it is to be closed, and another one opened.
 */
final class WriteConnection implements Statements {

  private static final long LOCK_POLL_NANOS = 1_000_000;

  private final DatabaseFile file;
  private final Schema schema;
  private final SqliteOptions options;
  private final Connection connection;
  private final List<@Nullable Object> identities;
  private final Statement statement;
  private final Statements statements;
  private final WalBound walBound;

  private WriteConnection(
      DatabaseFile file, Schema schema, SqliteOptions options, Connection connection)
      throws SQLException {
    this.file = file;
    this.schema = schema;
    this.options = options;
    this.connection = connection;
    this.statement = connection.createStatement();
    this.statements = new StatementCache(connection);
    this.identities = file.identity().withParts();
    this.walBound = new WalBound(connection, file, WalBound.Limits.DEFAULT);
  }

  /**
   * Opens the file, migrates it, and writes to it once, which shows that it can be written.
   *
   * @param within how long to wait for another program's lock
   * @param create whether to make the file when there is none
   */
  static WriteConnection open(
      DatabaseFile file, Schema schema, SqliteOptions options, Duration within, boolean create) {
    try {
      return unlocked(within, () -> openOnce(file, schema, options, create));
    } catch (SQLException e) {
      throw file.sentences().of(e);
    }
  }

  /** An attempt that fails while the file is locked. */
  @FunctionalInterface
  interface Attempt<T> {
    T make() throws SQLException;
  }

  /**
   * Tries until the file is not locked, but no longer than told. SQLite's own waiting looks ten
   * times a second: beside a writer that is always busy it hardly ever meets one of the short
   * moments between two transactions.
   */
  static <T> T unlocked(Duration within, Attempt<T> attempt) throws SQLException {
    long start = System.nanoTime();
    while (true) {
      try {
        return attempt.make();
      } catch (SQLException e) {
        boolean over = Duration.ofNanos(System.nanoTime() - start).compareTo(within) >= 0;
        if (!Failures.isLocked(e) || over || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(LOCK_POLL_NANOS);
      }
    }
  }

  private static WriteConnection openOnce(
      DatabaseFile file, Schema schema, SqliteOptions options, boolean create) throws SQLException {
    if (!create) {
      file.identity().checkExists();
    } else if (!file.identity().exists()) {
      DatabaseFile.close(file.connect(DatabaseFile.Mode.CREATE, Duration.ZERO));
    }
    @Nullable Object identity = file.identity().now();
    file.probe(schema);
    Connection connection = file.connect(DatabaseFile.Mode.WRITE, Duration.ZERO);
    try {
      try (Statement statement = connection.createStatement()) {
        useWal(statement, file);
        DatabaseFile.syncFully(statement);
        WalBound.takeOver(statement, WalBound.Limits.DEFAULT);
        statement.execute("PRAGMA cache_size = -" + Math.max(1, options.cacheBytes() >> 10));
        statement.execute("BEGIN IMMEDIATE");
        Schema.Mark mark = schema.check(statement, file.sentences());
        if (mark.isEmpty() && !create) {
          throw file.sentences().empty();
        }
        file.checkLog();
        if (mark.version() < schema.version()) {
          schema.migrate(connection, mark.version());
        } else {
          // A killed writer may have left a commit that was written and never synced. SQLite treats
          // it as committed, so writing the same records again would not sync it. This write forces
          // a sync of the whole log.
          statement.executeUpdate("PRAGMA user_version = " + mark.version());
        }
        statement.execute("COMMIT");
      }
      WriteConnection opened = new WriteConnection(file, schema, options, connection);
      opened.checkIs(identity);
      return opened;
    } catch (SQLException | RuntimeException e) {
      if (e instanceof SQLException failure && Failures.isLocked(failure)) {
        DatabaseFile.close(connection);
      } else {
        file.closeWithoutCheckpoint(connection);
      }
      throw e;
    }
  }

  private static void useWal(Statement statement, DatabaseFile file) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA journal_mode = WAL")) {
      row.next();
      String mode = row.getString(1);
      if (!mode.equals("wal")) {
        throw file.sentences().noWal(mode);
      }
    }
  }

  /** Does the work, which is durable in the file at the path when this returns. */
  <T> T transaction(Transaction<T> work) {
    try {
      unlocked(options.lockWait(), () -> statement.execute("BEGIN IMMEDIATE"));
      checkMark();
      T result = work.in(this);
      statement.execute("COMMIT");
      // Last, since a commit to a file that is no longer at the path would be lost.
      file.identity().checkInPlace(identities);
      return result;
    } catch (SQLException e) {
      throw file.sentences().of(e);
    }
  }

  private void checkMark() throws SQLException {
    try (ResultSet row = prepared(Schema.Mark.QUERY).executeQuery()) {
      if (!schema.isKnown(Schema.Mark.read(row), file.sentences())) {
        throw file.sentences().foreign();
      }
    }
  }

  @Override
  public PreparedStatement prepared(String sql) throws SQLException {
    return statements.prepared(sql);
  }

  private void checkIs(@Nullable Object identity) {
    try {
      file.identity().checkIs(identity);
    } catch (RuntimeException e) {
      walBound.close();
      throw e;
    }
  }

  /** Keeps the WAL bounded; must be called after each commit. */
  void boundWal() throws SQLException {
    walBound.committed();
  }

  void close() {
    walBound.close();
    DatabaseFile.close(connection);
  }
}
