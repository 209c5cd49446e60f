package io.github.miniscan.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConnection;

/**
 * Keeps the WAL from growing without bound: has it checkpointed beside the next batches.
 *
 * <p>SQLite restarts the WAL only when a transaction finds all of it checkpointed and no reader in
 * it. That may never happen by itself while batches or readers follow each other closely. A large
 * WAL is therefore worth waiting for. For the thread that writes.
 */
final class WalBound {

  private static final Duration RESTART_WAIT = Duration.ofMillis(200);

  private final Connection connection;
  private final Statement statement;
  private final PreparedStatement pages;
  private final Checkpointer checkpointer;
  private final Limits limits;
  private int nextRestart;

  /**
   * Turns SQLite's own checkpoints off. Must come before the first commit, which would otherwise
   * write back the pages that others have left in the WAL.
   */
  static void takeOver(Statement statement, Limits limits) throws SQLException {
    statement.execute("PRAGMA wal_autocheckpoint = 0");
    statement.execute("PRAGMA journal_size_limit = " + limits.keptBytes());
  }

  /**
   * Creates the bound for the connection that writes.
   *
   * @param file the file that it is connected to
   */
  WalBound(Connection connection, DatabaseFile file, Limits limits) throws SQLException {
    this.connection = connection;
    this.limits = limits;
    this.nextRestart = limits.restartPages();
    this.statement = connection.createStatement();
    this.pages = connection.prepareStatement("PRAGMA wal_checkpoint(NOOP)");
    this.checkpointer = Checkpointer.open(file);
  }

  /**
   * The limits of the WAL, in pages.
   *
   * @param checkpointPages the number of pages not yet in the file at which they are written back;
   *     a checkpoint of many pages writes them in order, and each of them once
   * @param restartPages the size at which the writer waits for a checkpoint and for readers, so
   *     that the WAL restarts
   * @param keptPages the size that a restarted WAL is cut to; it needs that much again, and blocks
   *     that it has are cheaper to write than new ones
   */
  record Limits(int checkpointPages, int restartPages, int keptPages) {

    /** 260 MB, 600 MB, and 900 MB: one more batch whose rows each change a page of their own. */
    static final Limits DEFAULT = new Limits(64_000, 150_000, 220_000);

    /** Returns the kept pages in bytes, each with a header of 24. */
    long keptBytes() {
      return keptPages * (4096L + 24);
    }
  }

  /** Checkpoints where that is due; must be called after each commit. */
  void committed() throws SQLException {
    int written;
    int behind;
    try (ResultSet row = pages.executeQuery()) {
      row.next();
      written = row.getInt("log");
      behind = written - row.getInt("checkpointed");
    }
    if (written >= nextRestart) {
      nextRestart = restart() ? limits.restartPages() : written + limits.restartPages() / 4;
    } else if (behind >= limits.checkpointPages()) {
      checkpointer.request();
    }
  }

  private boolean restart() throws SQLException {
    busyTimeout(RESTART_WAIT);
    try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(RESTART)")) {
      row.next();
      return row.getInt("busy") == 0;
    } finally {
      busyTimeout(Duration.ZERO);
    }
  }

  private void busyTimeout(Duration wait) throws SQLException {
    connection.unwrap(SQLiteConnection.class).setBusyTimeout((int) wait.toMillis());
  }

  /** Ends a checkpoint that is under way. */
  void close() {
    checkpointer.close();
  }
}
