package io.github.miniscan.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A SQLite file as another program sees it. */
record Sql(Path path) {

  Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + path);
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /** Returns each row's columns with a bar between them. */
  List<String> rows(String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(row.getString(i));
        }
        rows.add(String.join("|", values));
      }
    }
    return rows;
  }

  /**
   * Copies the file as {@code .dump} of the sqlite3 program and {@code iterdump} of Python do: by
   * the text of its schema, and by literals that {@code quote} makes of its values.
   */
  void dumpTo(Path copy) throws SQLException {
    List<String> statements = new ArrayList<>(rows("SELECT sql FROM sqlite_schema WHERE sql > ''"));
    for (String table : rows("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
      List<String> columns = rows("SELECT name FROM pragma_table_info('" + table + "')");
      String literals = String.join(") || ', ' || quote(", columns);
      for (String values : rows("SELECT quote(" + literals + ") FROM " + table)) {
        statements.add("INSERT INTO " + table + " VALUES (" + values + ")");
      }
    }
    new Sql(copy).execute(statements.toArray(String[]::new));
  }
}
