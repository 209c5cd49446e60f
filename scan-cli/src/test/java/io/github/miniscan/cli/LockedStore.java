package io.github.miniscan.cli;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** Another program that has begun to write a store's file, and takes its time. */
final class LockedStore {

  private LockedStore() {}

  /** What happens in the meantime. */
  @FunctionalInterface
  interface Meantime {
    void pass() throws Exception;
  }

  static void whileLocked(Path file, Meantime meantime) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("BEGIN IMMEDIATE");
      meantime.pass();
    }
  }
}
