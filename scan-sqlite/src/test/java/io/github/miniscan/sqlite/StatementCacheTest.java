package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatementCacheTest {

  private Connection connection;
  private StatementCache cache;

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    cache = new StatementCache(connection);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void preparesAStatementOnce() throws SQLException {
    PreparedStatement statement = cache.prepared("SELECT 1");

    assertThat(cache.prepared("SELECT 1")).isSameAs(statement);
  }

  @Test
  void closesTheStatementThatWasUsedLongestAgo() throws SQLException {
    PreparedStatement often = cache.prepared("SELECT 0");
    PreparedStatement once = cache.prepared("SELECT 1");
    for (int i = 2; i < 100; i++) {
      cache.prepared("SELECT " + i);
      assertThat(cache.prepared("SELECT 0")).isSameAs(often);
    }

    assertThat(often.isClosed()).isFalse();
    assertThat(once.isClosed()).isTrue();
    assertThat(cache.prepared("SELECT 1")).isNotSameAs(once);
  }
}
