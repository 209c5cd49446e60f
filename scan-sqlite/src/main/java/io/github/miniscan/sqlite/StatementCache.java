package io.github.miniscan.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the prepared statements of a connection that were used last. */
final class StatementCache implements Statements {

  /** More than one transaction or one page needs. */
  private static final int MOST = 16;

  private final Connection connection;
  private final Map<String, PreparedStatement> byText = new LinkedHashMap<>(MOST, 0.75f, true);

  StatementCache(Connection connection) {
    this.connection = connection;
  }

  @Override
  public PreparedStatement prepared(String sql) throws SQLException {
    @Nullable PreparedStatement known = byText.get(sql);
    if (known != null) {
      return known;
    }
    if (byText.size() == MOST) {
      Iterator<PreparedStatement> leastRecentFirst = byText.values().iterator();
      leastRecentFirst.next().close();
      leastRecentFirst.remove();
    }
    PreparedStatement statement = connection.prepareStatement(sql);
    byText.put(sql, statement);
    return statement;
  }
}
