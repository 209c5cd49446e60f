package io.github.miniscan.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes the pages of the WAL back into the file, while the next batches are appended to the WAL.
 * It has a thread of its own, which begins with the first {@link #request()}, and a connection of
 * its own, which uses the same file and WAL as the one that writes while both are open.
 *
 * <p>It promises nothing: it never waits for a lock, and pages that it cannot write back stay in
 * the WAL, where they are durable. The writer keeps the WAL from growing without bound.
 */
final class Checkpointer {

  private static final long STOP_POLL_MILLIS = 10;

  private final Connection connection;
  private final PreparedStatement checkpoint;
  private @Nullable Thread thread;
  private boolean requested;
  private boolean closed;

  private Checkpointer(Connection connection) throws SQLException {
    this.connection = connection;
    this.checkpoint = connection.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** Opens a connection to the file that is at the path now. */
  static Checkpointer open(DatabaseFile file) throws SQLException {
    Connection connection = file.connect(DatabaseFile.Mode.WRITE, Duration.ZERO);
    try (Statement statement = connection.createStatement()) {
      DatabaseFile.syncFully(statement);
      // SQLite opens the WAL with the first read.
      statement.executeQuery(Schema.Mark.QUERY).close();
      return new Checkpointer(connection);
    } catch (SQLException | RuntimeException e) {
      DatabaseFile.close(connection);
      throw e;
    }
  }

  /** Asks for a checkpoint, and returns at once. */
  synchronized void request() {
    requested = true;
    if (thread == null) {
      thread = new Thread(this::run, "scan-checkpoint");
      thread.setDaemon(true);
      thread.start();
    }
    notifyAll();
  }

  private void run() {
    try {
      while (awaitRequest()) {
        checkpoint();
      }
    } catch (InterruptedException e) {
      // An interrupt ends this thread.
    }
  }

  private synchronized boolean awaitRequest() throws InterruptedException {
    while (!requested && !closed) {
      wait();
    }
    requested = false;
    return !closed;
  }

  private void checkpoint() {
    try {
      checkpoint.executeQuery().close();
    } catch (SQLException e) {
      // The writer meets the same failure, and reports it.
    }
  }

  /** Ends a checkpoint that is under way, and closes the connection. */
  void close() {
    @Nullable Thread running;
    synchronized (this) {
      closed = true;
      notifyAll();
      running = thread;
    }
    if (running != null) {
      await(running);
    }
    DatabaseFile.close(connection);
  }

  private void await(Thread running) {
    boolean interrupted = false;
    while (running.isAlive()) {
      try {
        // Repeatedly: cancelling has no effect on a checkpoint that is about to begin.
        checkpoint.cancel();
        running.join(STOP_POLL_MILLIS);
      } catch (SQLException e) {
        throw new IllegalStateException("the statement is closed already", e);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
