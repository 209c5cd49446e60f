package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.OracleReport;
import java.nio.file.Path;

/** Compares a store's file with what it must hold. */
final class StoreCheck {

  private StoreCheck() {}

  static void assertHolds(Path file, Oracle oracle) {
    try (ScanStore store = SqliteScanStore.openReadOnly(file)) {
      OracleReport report = oracle.check(store, store);
      assertThat(report.agrees()).as(report.toString()).isTrue();
    }
  }
}
