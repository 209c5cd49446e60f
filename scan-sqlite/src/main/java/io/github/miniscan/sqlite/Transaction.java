package io.github.miniscan.sqlite;

import java.sql.SQLException;

/** The work of one transaction. */
@FunctionalInterface
interface Transaction<T> {

  /** Does the work by the statements of the connection that the transaction belongs to. */
  T in(Statements statements) throws SQLException;
}
