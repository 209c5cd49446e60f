package io.github.miniscan.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The connections that read: one for each thread that reads at the moment, of which a few are kept
 * for the next reads. They are never the writer's. Safe for use by several threads.
 */
final class Readers {

  private static final int MAX_IDLE = 4;

  private final DatabaseFile file;
  private final Schema schema;
  private final Duration lockWait;
  private final ArrayDeque<ReadConnection> idle = new ArrayDeque<>();
  private int generation;
  private boolean closed;

  Readers(DatabaseFile file, Schema schema, Duration lockWait) {
    this.file = file;
    this.schema = schema;
    this.lockWait = lockWait;
  }

  /** One short read. */
  @FunctionalInterface
  interface Reading<T> {
    T read(ReadConnection connection) throws SQLException;
  }

  /**
   * Refuses a file that is missing or not ours, and keeps a connection for the first read.
   *
   * @param within how long to wait for another program's lock
   */
  void probe(Duration within) {
    try {
      WriteConnection.unlocked(
          within,
          () -> {
            file.identity().checkExists();
            file.probe(schema);
            giveBack(open(), true, generation());
            return file;
          });
    } catch (SQLException e) {
      throw file.sentences().of(e);
    }
  }

  /** Throws when these are closed. */
  synchronized void checkOpen() {
    if (closed) {
      throw file.sentences().closed();
    }
  }

  <T> T read(Reading<T> reading) {
    try {
      int from = generation();
      ReadConnection connection = take();
      boolean whole = false;
      try {
        T result = reading.read(connection);
        connection.checkUnchanged();
        whole = true;
        return result;
      } finally {
        giveBack(connection, whole, from);
      }
    } catch (SQLException e) {
      throw file.sentences().of(e);
    }
  }

  private ReadConnection take() throws SQLException {
    @Nullable Object identity = file.identity().now();
    while (true) {
      @Nullable ReadConnection connection = poll();
      if (connection == null) {
        return open();
      }
      if (Objects.equals(connection.identity(), identity)) {
        return connection;
      }
      connection.close();
    }
  }

  private synchronized @Nullable ReadConnection poll() {
    checkOpen();
    return idle.poll();
  }

  private synchronized int generation() {
    return generation;
  }

  private void giveBack(ReadConnection connection, boolean whole, int from) {
    synchronized (this) {
      if (whole
          && !closed
          && from == generation
          && !connection.isImmutable()
          && idle.size() < MAX_IDLE) {
        idle.push(connection);
        return;
      }
    }
    connection.close();
  }

  private ReadConnection open() throws SQLException {
    if (!file.identity().exists()) {
      throw file.sentences().missing();
    }
    boolean hasWal = file.identity().walSize() > 0;
    try {
      // The last connection that may write would write the WAL back into the file: the WAL of a
      // killed writer belongs to the next one, and that of another file would ruin this one.
      return ReadConnection.open(
          file, schema, hasWal ? DatabaseFile.Mode.READ : DatabaseFile.Mode.WRITE, lockWait);
    } catch (SQLException e) {
      // SQLite needs a place for its shared memory beside the file, and finds none where this user
      // may not write. Without a WAL the file alone holds everything.
      if (Failures.isNotPermitted(e) && !hasWal) {
        return ReadConnection.open(file, schema, DatabaseFile.Mode.IMMUTABLE, lockWait);
      }
      throw e;
    }
  }

  /**
   * Closes every connection: those in use as soon as they are given back. SQLite forgets the state
   * of a file in this process only with the last one.
   */
  void renew() {
    List<ReadConnection> old;
    synchronized (this) {
      generation++;
      old = List.copyOf(idle);
      idle.clear();
    }
    old.forEach(ReadConnection::close);
  }

  void close() {
    synchronized (this) {
      closed = true;
    }
    renew();
  }
}
