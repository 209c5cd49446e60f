package io.github.miniscan.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the WAL holds back into the file, while the next batches are appended to the WAL: in
 * a thread of its own, which begins with the first {@link #request()}, and by a connection of its
 * own, which sees the same file and the same WAL as the one that writes as long as both are open.
 *
 * <p>It promises nothing: it never waits for a lock, and what it can not write back stays in the
 * WAL, durable as it is. Whoever appends to the WAL keeps it from growing without end.
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

  /** For the file that is at the path now. */
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
      // Nobody interrupts it to go on.
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
      // The one who writes meets the same trouble, and has somebody to tell.
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
        // More than once: it has no effect on a checkpoint that is about to begin.
        checkpoint.cancel();
        running.join(STOP_POLL_MILLIS);
      } catch (SQLException e) {
        throw new IllegalStateException("a statement that nobody closed is closed", e);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
