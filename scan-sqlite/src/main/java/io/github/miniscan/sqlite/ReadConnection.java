package io.github.miniscan.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection that only reads. For one thread at a time. */
final class ReadConnection implements Statements {

  private static final int CACHE_KIB = 16 << 10;

  private final DatabaseFile file;
  private final Connection connection;
  private final Statements statements;
  private final boolean immutable;
  private final @Nullable Object identity;
  private final FileIdentity.@Nullable State state;

  private ReadConnection(
      DatabaseFile file,
      Connection connection,
      boolean immutable,
      @Nullable Object identity,
      FileIdentity.@Nullable State state) {
    this.file = file;
    this.connection = connection;
    this.statements = new StatementCache(connection);
    this.immutable = immutable;
    this.identity = identity;
    this.state = state;
  }

  static ReadConnection open(
      DatabaseFile file, Schema schema, DatabaseFile.Mode mode, Duration lockWait)
      throws SQLException {
    boolean immutable = mode == DatabaseFile.Mode.IMMUTABLE;
    FileIdentity.State state = immutable ? file.identity().state() : null;
    @Nullable Object identity = file.identity().now();
    Connection connection = file.connect(mode, lockWait);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = 1");
      statement.execute("PRAGMA cache_size = -" + CACHE_KIB);
      if (schema.check(statement, file.sentences()).version() == 0) {
        throw file.sentences().empty();
      }
      return new ReadConnection(file, connection, immutable, identity, state);
    } catch (SQLException | RuntimeException e) {
      DatabaseFile.close(connection);
      throw e;
    }
  }

  @Override
  public PreparedStatement prepared(String sql) throws SQLException {
    return statements.prepared(sql);
  }

  /** Returns which file this reads; see {@link FileIdentity#now}. */
  @Nullable Object identity() {
    return identity;
  }

  /** Returns whether this reads without locks, and so serves a single read. */
  boolean isImmutable() {
    return immutable;
  }

  /** Throws, after a read without locks, when the file was written since it began. */
  void checkUnchanged() {
    if (immutable && !file.identity().state().equals(state)) {
      throw file.sentences().changed();
    }
  }

  void close() {
    DatabaseFile.close(connection);
  }
}
