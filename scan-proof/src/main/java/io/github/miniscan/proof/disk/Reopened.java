package io.github.miniscan.proof.disk;

import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;

/** Looks at what a store's file holds after a fault, through the store as it ships. */
final class Reopened {

  private Reopened() {}

  /**
   * Opens it for writing, as a consumer would, and reads all of it.
   *
   * @throws BrokenPromiseException when it can not be opened or read, or SQLite finds damage
   */
  static Snapshot read(Path file) {
    try (ScanStore store = SqliteScanStore.open(file)) {
      Snapshot snapshot = Snapshot.of(store);
      checkIntegrity(file);
      return snapshot;
    } catch (StoreException e) {
      throw new BrokenPromiseException(
          "the store can not be opened and read afterwards: " + e.getMessage(), e);
    }
  }

  private static void checkIntegrity(Path file) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
      row.next();
      if (!row.getString(1).equals("ok")) {
        throw new BrokenPromiseException("integrity_check says: " + row.getString(1));
      }
    } catch (SQLException e) {
      throw new BrokenPromiseException("integrity_check fails: " + e.getMessage(), e);
    }
  }

  /**
   * What it holds is one of these.
   *
   * @throws BrokenPromiseException when it is none of them
   */
  static void check(Snapshot found, Collection<Snapshot> allowed) {
    if (!allowed.contains(found)) {
      throw new BrokenPromiseException(
          "the store holds neither what was durable nor that and the whole of the next step: "
              + List.copyOf(allowed).stream().map(found::differenceFrom).distinct().toList());
    }
  }
}
