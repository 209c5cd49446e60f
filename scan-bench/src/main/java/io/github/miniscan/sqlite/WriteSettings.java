package io.github.miniscan.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** With what the store writes, for a program that is to do the same without it. */
public final class WriteSettings {

  /**
   * Without a thread for checkpoints, which the store has, this is quicker than fewer, and the C
   * program is no quicker with more.
   */
  private static final int CHECKPOINT_PAGES = 64_000;

  private WriteSettings() {}

  /** Makes an empty store where there is none. */
  public static void makeFile(Path path) {
    SqliteScanStore.open(path).close();
  }

  /** A connection as the store has them, for one thread at a time. */
  public static Connection connect(Path path) throws SQLException {
    return DatabaseFile.config().createConnection("jdbc:sqlite:" + path);
  }

  /** The statement that writes one record; the parameters are numbered. */
  public static String upsert() {
    return ScanTable.UPSERT;
  }

  /** The pragmas of the connection that writes, by default, as in {@code synchronous = FULL}. */
  public static List<String> pragmas() {
    return List.of(
        "journal_mode = WAL",
        "synchronous = FULL",
        "wal_autocheckpoint = " + CHECKPOINT_PAGES,
        "journal_size_limit = " + WalBound.Limits.DEFAULT.keptBytes(),
        "cache_size = -" + (SqliteOptions.defaults().cacheBytes() >> 10));
  }
}
