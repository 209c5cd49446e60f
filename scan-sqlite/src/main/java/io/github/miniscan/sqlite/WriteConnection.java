package io.github.miniscan.sqlite;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.RecordRefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes, with its statements prepared, always in one transaction that it
 * begins and commits by statements of its own. For one thread at a time. After a failure it is to
 * be closed, and another one opened.
 */
final class WriteConnection {

  private static final long LOCK_POLL_NANOS = 1_000_000;

  private final DatabaseFile file;
  private final Schema schema;
  private final SqliteOptions options;
  private final Connection connection;
  private final List<@Nullable Object> identities;
  private final Statement statement;
  private final WalBound walBound;
  private final PreparedStatement mark;
  private final PreparedStatement upsert;
  private final PreparedStatement keepLetter;
  private final PreparedStatement removeLetter;
  private final PreparedStatement updateReason;

  private WriteConnection(
      DatabaseFile file, Schema schema, SqliteOptions options, Connection connection)
      throws SQLException {
    this.file = file;
    this.schema = schema;
    this.options = options;
    this.connection = connection;
    this.statement = connection.createStatement();
    this.mark = connection.prepareStatement(Schema.Mark.QUERY);
    this.upsert = connection.prepareStatement(ScanTable.UPSERT);
    this.keepLetter = connection.prepareStatement(DeadLetterTable.KEEP);
    this.removeLetter = connection.prepareStatement(DeadLetterTable.REMOVE);
    this.updateReason = connection.prepareStatement(DeadLetterTable.UPDATE_REASON);
    this.identities = file.identities();
    this.walBound = new WalBound(connection, file, WalBound.Limits.DEFAULT);
  }

  /**
   * Opens the file, makes it when there is none, migrates it, and has shown that it can be written
   * when this returns.
   *
   * @param within how long to wait for another program's lock
   */
  static WriteConnection open(
      DatabaseFile file, Schema schema, SqliteOptions options, Duration within) {
    try {
      return unlocked(within, () -> openOnce(file, schema, options));
    } catch (SQLException e) {
      throw file.sentence(e);
    }
  }

  /** What may find the file locked. */
  @FunctionalInterface
  private interface Attempt<T> {
    T make() throws SQLException;
  }

  /**
   * Tries until the file is not locked, but no longer than told. SQLite's own waiting looks ten
   * times a second: beside a writer that is busy without end it hardly ever meets one of the short
   * moments between two transactions.
   */
  private static <T> T unlocked(Duration within, Attempt<T> attempt) throws SQLException {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      try {
        return attempt.make();
      } catch (SQLException e) {
        boolean over = System.nanoTime() - deadline >= 0;
        if (!DatabaseFile.isLocked(e) || over || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(LOCK_POLL_NANOS);
      }
    }
  }

  private static WriteConnection openOnce(DatabaseFile file, Schema schema, SqliteOptions options)
      throws SQLException {
    if (!file.exists()) {
      DatabaseFile.close(file.connect(DatabaseFile.Mode.CREATE, Duration.ZERO));
    }
    @Nullable Object identity = file.identity();
    file.probe(schema);
    Connection connection = file.connect(DatabaseFile.Mode.WRITE, Duration.ZERO);
    try {
      try (Statement statement = connection.createStatement()) {
        useWal(statement, file);
        DatabaseFile.syncFully(statement);
        WalBound.takeOver(statement, WalBound.Limits.DEFAULT);
        statement.execute("PRAGMA cache_size = -" + Math.max(1, options.cacheBytes() >> 10));
        statement.execute("BEGIN IMMEDIATE");
        Schema.Mark mark = file.check(statement, schema);
        if (mark.version() < schema.version() || !mark.isOurs()) {
          schema.migrate(connection, mark.isOurs() ? mark.version() : 0);
        } else {
          // A writer that was killed may have left a commit that is written and was never synced.
          // SQLite takes it for one, so that writing the same again changes nothing and would sync
          // nothing either. This does: a write, though it changes nothing, and so a sync of it all.
          statement.executeUpdate("PRAGMA user_version = " + mark.version());
        }
        statement.execute("COMMIT");
      }
      WriteConnection opened = new WriteConnection(file, schema, options, connection);
      opened.checkIs(identity);
      return opened;
    } catch (SQLException | RuntimeException e) {
      DatabaseFile.close(connection);
      throw e;
    }
  }

  private static void useWal(Statement statement, DatabaseFile file) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA journal_mode = WAL")) {
      row.next();
      String mode = row.getString(1);
      if (!mode.equals("wal")) {
        throw file.noWal(mode);
      }
    }
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T in(WriteConnection connection) throws SQLException;
  }

  /** When this returns, the work is durable in the file that is at the path. */
  <T> T transaction(Work<T> work) {
    try {
      unlocked(options.lockWait(), () -> statement.execute("BEGIN IMMEDIATE"));
      checkMark();
      T result = work.in(this);
      statement.execute("COMMIT");
      // Last, since a commit to a file that nobody can find any more is none.
      file.checkInPlace(identities);
      return result;
    } catch (SQLException e) {
      throw file.sentence(e);
    }
  }

  private void checkMark() throws SQLException {
    try (ResultSet row = mark.executeQuery()) {
      file.check(Schema.Mark.read(row), schema);
    }
  }

  int upsert(List<ScanRecord> records) throws SQLException {
    if (records.isEmpty()) {
      return 0;
    }
    try {
      return ScanTable.upsert(upsert, records);
    } catch (SQLException e) {
      if (DatabaseFile.isRefusal(e)) {
        throw new RecordRefusedException(file + " refuses a record: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  void keepLetters(List<DeadLetter> letters) throws SQLException {
    DeadLetterTable.keep(keepLetter, letters);
  }

  int removeLetters(Collection<String> ids) throws SQLException {
    return DeadLetterTable.remove(removeLetter, ids);
  }

  void updateReason(String id, Reason reason, String detail) throws SQLException {
    DeadLetterTable.updateReason(updateReason, id, reason, detail);
  }

  private void checkIs(@Nullable Object identity) {
    try {
      file.checkIs(identity);
    } catch (RuntimeException e) {
      walBound.close();
      throw e;
    }
  }

  /** After a commit. */
  void boundWal() throws SQLException {
    walBound.committed();
  }

  void close() {
    walBound.close();
    DatabaseFile.close(connection);
  }
}
