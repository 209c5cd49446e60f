package io.github.miniscan.bench.parts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedScansTest {

  private static final long AT = PreparedFile.SCANNED_AT;

  @Test
  void aGreaterNumberIsAGreaterKeyUpToTwentyMillion() {
    for (int number = 0; number < 20_000_000; number += 99_991) {
      assertThat(NumberedScans.scan(number + 1, AT).key())
          .isGreaterThan(NumberedScans.scan(number, AT).key());
    }
  }

  @Test
  void aLaterScanChangesTheStoreAndAKnownOneDoesNot(@TempDir Path directory) {
    List<ScanRecord> scans =
        IntStream.range(0, 1_000).mapToObj(i -> NumberedScans.scan(i, AT)).toList();
    List<ScanRecord> later =
        IntStream.range(0, 1_000).mapToObj(i -> NumberedScans.scan(i, AT + 1)).toList();
    try (SqliteScanStore store = SqliteScanStore.open(directory.resolve("scans.db"))) {
      assertThat(store.write(PreparedFile.batch(scans)).stored()).isEqualTo(1_000);
      assertThat(store.write(PreparedFile.batch(scans)).stored()).isZero();
      assertThat(store.write(PreparedFile.batch(later)).stored()).isEqualTo(1_000);
      try (Stream<ScanRecord> ofHost =
          store.find(ScanQuery.of(ScanFilter.all().withIp(NumberedScans.host(5))))) {
        assertThat(ofHost).hasSize(4);
      }
    }
  }
}
