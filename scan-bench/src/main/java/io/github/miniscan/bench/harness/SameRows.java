package io.github.miniscan.bench.harness;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/** Compares the tables of two files, row by row and to the byte. */
final class SameRows {

  private static final String ROWS =
      """
      SELECT hex(ip_key), port, service, ip, first_scanned, last_scanned, typeof(response), response
      FROM scan
      ORDER BY ip_key, port, service
      """;

  private static final int TEXT_COLUMNS = 7;
  private static final int RESPONSE = 8;

  private SameRows() {}

  /** How the tables differ, in a sentence; empty when they do not. */
  static String difference(Path one, Path other) {
    try (Connection left = connect(one);
        Connection right = connect(other);
        Statement leftStatement = left.createStatement();
        Statement rightStatement = right.createStatement();
        ResultSet leftRows = leftStatement.executeQuery(ROWS);
        ResultSet rightRows = rightStatement.executeQuery(ROWS)) {
      long row = 0;
      while (leftRows.next()) {
        row++;
        if (!rightRows.next() || !same(leftRows, rightRows)) {
          return "row %d is not the same in %s and %s".formatted(row, one, other);
        }
      }
      return rightRows.next() ? "%s has more rows than %s".formatted(other, one) : "";
    } catch (SQLException e) {
      throw new HarnessException("cannot compare %s and %s".formatted(one, other), e);
    }
  }

  private static Connection connect(Path database) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database);
  }

  private static boolean same(ResultSet left, ResultSet right) throws SQLException {
    for (int column = 1; column <= TEXT_COLUMNS; column++) {
      if (!left.getString(column).equals(right.getString(column))) {
        return false;
      }
    }
    return Arrays.equals(left.getBytes(RESPONSE), right.getBytes(RESPONSE));
  }
}
