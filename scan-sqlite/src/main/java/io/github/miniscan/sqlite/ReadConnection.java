package io.github.miniscan.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection that only reads, with its statements prepared. For one thread at a time. */
final class ReadConnection {

  private static final int CACHE_KIB = 16 << 10;

  private final DatabaseFile file;
  private final Connection connection;
  private final boolean immutable;
  private final @Nullable Object identity;
  private final DatabaseFile.@Nullable State state;
  private final PreparedStatement scanPage;
  private final PreparedStatement letterPage;
  private final PreparedStatement letter;

  private ReadConnection(
      DatabaseFile file,
      Connection connection,
      boolean immutable,
      @Nullable Object identity,
      DatabaseFile.@Nullable State state)
      throws SQLException {
    this.file = file;
    this.connection = connection;
    this.immutable = immutable;
    this.identity = identity;
    this.state = state;
    this.scanPage = connection.prepareStatement(ScanTable.PAGE);
    this.letterPage = connection.prepareStatement(DeadLetterTable.PAGE);
    this.letter = connection.prepareStatement(DeadLetterTable.FIND);
  }

  static ReadConnection open(
      DatabaseFile file, Schema schema, DatabaseFile.Mode mode, Duration lockWait)
      throws SQLException {
    boolean immutable = mode == DatabaseFile.Mode.IMMUTABLE;
    DatabaseFile.State state = immutable ? file.state() : null;
    @Nullable Object identity = file.identity();
    Connection connection = file.connect(mode, lockWait);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = 1");
      statement.execute("PRAGMA cache_size = -" + CACHE_KIB);
      if (!file.check(statement, schema).isOurs()) {
        throw file.empty();
      }
      return new ReadConnection(file, connection, immutable, identity, state);
    } catch (SQLException | RuntimeException e) {
      DatabaseFile.close(connection);
      throw e;
    }
  }

  /** Which file this reads; see {@link DatabaseFile#identity}. */
  @Nullable Object identity() {
    return identity;
  }

  /** Whether this reads without locks, and so must be opened anew for each read. */
  boolean isImmutable() {
    return immutable;
  }

  /** After a read without locks: throws when somebody has written meanwhile. */
  void checkUnchanged() {
    if (immutable && !file.state().equals(state)) {
      throw file.changed();
    }
  }

  PreparedStatement scanPage() {
    return scanPage;
  }

  PreparedStatement letterPage() {
    return letterPage;
  }

  PreparedStatement letter() {
    return letter;
  }

  void close() {
    DatabaseFile.close(connection);
  }
}
