package io.github.miniscan.sqlite;

import io.github.miniscan.store.ScanStore;
import io.github.miniscan.testkit.ScanStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteScanStoreTest implements ScanStoreContract {

  @TempDir Path directory;

  @Override
  public ScanStore open() {
    return SqliteScanStore.open(directory.resolve("scans.db"));
  }
}
