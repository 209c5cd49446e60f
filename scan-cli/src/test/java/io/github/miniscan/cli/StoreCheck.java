package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.OracleReport;
import java.nio.file.Path;

/** Compares a store's file with what it must hold; a failure names the seed of the traffic. */
final class StoreCheck {

  private StoreCheck() {}

  static void assertHolds(Path file, Oracle oracle, long seed) {
    try (ScanStore store = SqliteScanStore.openReadOnly(file)) {
      OracleReport report = oracle.check(store, store);
      assertThat(report.agrees()).as("seed %d: %s", seed, report).isTrue();
    }
  }
}
