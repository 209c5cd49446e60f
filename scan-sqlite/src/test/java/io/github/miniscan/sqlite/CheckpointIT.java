package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanQuery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A write-ahead log of some hundred megabytes, and what becomes of it. */
class CheckpointIT {

  private static final Message MESSAGE = new Message("", new byte[0], Map.of(), null);
  private static final int RESPONSE_BYTES = 9 << 20;

  private static final int CHECKPOINT_PAGES = WalBound.Limits.DEFAULT.checkpointPages();

  /** Together more than what a checkpoint is for. */
  private static final int RECORDS = (int) (CHECKPOINT_PAGES * 4096L / RESPONSE_BYTES) + 2;

  private static final String THREAD = "scan-checkpoint";

  private final Random random = new Random(1);
  @TempDir private Path directory;

  @Test
  void writesTheLogBackBesideTheNextBatches() throws Exception {
    Path file = directory.resolve("scans.db");
    try (SqliteScanStore store = SqliteScanStore.open(file)) {
      for (int i = 0; i < RECORDS; i++) {
        write(store, i);
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> pagesBehind(file) < CHECKPOINT_PAGES);

      write(store, RECORDS);
      assertThat(count(store)).isEqualTo(RECORDS + 1);
    }
    assertThat(threads()).isEmpty();
  }

  @Test
  void isClosedWhileItWritesTheLogBack() {
    Path file = directory.resolve("scans.db");
    SqliteScanStore store = SqliteScanStore.open(file);
    for (int i = 0; i < RECORDS; i++) {
      write(store, i);
    }
    assertThat(threads()).hasSize(1);
    store.close();

    assertThat(threads()).isEmpty();
    assertThat(directory.resolve("scans.db-wal")).doesNotExist();
    try (SqliteScanStore reader = SqliteScanStore.openReadOnly(file)) {
      assertThat(count(reader)).isEqualTo(RECORDS);
    }
  }

  private void write(SqliteScanStore store, int host) {
    byte[] response = new byte[RESPONSE_BYTES];
    random.nextBytes(response);
    ScanKey key = new ScanKey(IpAddress.ofV4(host), 80, "HTTP");
    ScanRecord scan = ScanRecord.ofScan(key, 1, Response.wrap(response));
    store.write(Batch.of(List.of(new Decoded<>(MESSAGE, scan)), List.of()));
  }

  private static long count(SqliteScanStore store) {
    try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      return records.count();
    }
  }

  private static int pagesBehind(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
      row.next();
      return row.getInt("log") - row.getInt("checkpointed");
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(THREAD::equals)
        .toList();
  }
}
