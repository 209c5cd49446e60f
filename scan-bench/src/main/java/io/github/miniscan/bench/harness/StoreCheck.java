package io.github.miniscan.bench.harness;

import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.OracleReport;
import java.nio.file.Path;

/** Tells whether the file that a contestant wrote holds what the oracle says. */
@FunctionalInterface
public interface StoreCheck {

  /**
   * Compares.
   *
   * @param oracle of all messages that were published, each of which was acked
   * @return what is wrong, in a sentence; empty when nothing is
   */
  String faultOf(Path database, Oracle oracle);

  /** For a contestant that keeps nothing. */
  static StoreCheck none() {
    return (database, oracle) -> "";
  }

  /** For a store of {@code scan}: its records and dead letters. */
  static StoreCheck ofStore() {
    return (database, oracle) -> {
      try (SqliteScanStore store = SqliteScanStore.openReadOnly(database)) {
        return sentence(oracle.check(store, store));
      }
    };
  }

  /**
   * For a table with the columns of {@code scan}: its records.
   *
   * @param select gives ip, port, service, first_scanned, last_scanned, response, in any order
   */
  static StoreCheck ofTable(String select) {
    return (database, oracle) ->
        sentence(oracle.checkRecords(new SelectedRecords(database, select)));
  }

  /**
   * For a table of somebody who has no rule for ties, keeps text only and addresses as they are
   * spelled: whether it has every key, and no other.
   *
   * @param select as in {@link #ofTable}
   */
  static StoreCheck ofKeys(String select) {
    return (database, oracle) -> {
      long keys = new SelectedRecords(database, select).keys();
      return keys == oracle.records()
          ? ""
          : "%,d keys, must be %,d".formatted(keys, oracle.records());
    };
  }

  private static String sentence(OracleReport report) {
    return report.agrees()
        ? ""
        : "%d differences, such as: %s".formatted(report.differences(), report.examples().get(0));
  }
}
