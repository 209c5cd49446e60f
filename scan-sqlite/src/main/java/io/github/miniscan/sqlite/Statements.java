package io.github.miniscan.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The prepared statements of one connection. For one thread at a time. */
interface Statements {

  /**
   * Returns the statement of this text, prepared at most once while it is in use. It stays open:
   * the connection closes it.
   */
  PreparedStatement prepared(String sql) throws SQLException;
}
