package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.miniscan.ingest.IngestOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class WalBoundTest {

  private static final WalBound.Limits LIMITS = new WalBound.Limits(100, 400, 450);
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir private Path directory;
  private Path path;
  private Connection writer;
  private WalBound bound;

  @BeforeEach
  void open() throws SQLException {
    path = directory.resolve("scans.db");
    SqliteScanStore.open(path).close();
    writer = DriverManager.getConnection("jdbc:sqlite:" + path + "?busy_timeout=0");
    try (Statement statement = writer.createStatement()) {
      WalBound.takeOver(statement, LIMITS);
    }
    bound = new WalBound(writer, new DatabaseFile(path), LIMITS);
    execute(writer, "CREATE TABLE other (a)");
  }

  @AfterEach
  void close() throws SQLException {
    bound.close();
    writer.close();
  }

  @Test
  void leavesAFewPagesWhereTheyAre() throws Exception {
    writeUntil(99);
    bound.committed();
    Thread.sleep(200);
    assertThat(log().behind()).isEqualTo(99);
  }

  @Test
  void hasThePagesWrittenBackAsSoonAsThereAreEnough() throws Exception {
    writeUntil(100);
    bound.committed();
    await().atMost(SOON).until(() -> log().behind() == 0);
    assertThat(log().pages()).as("it has not started anew").isEqualTo(100);
  }

  @Test
  void countsWhatIsNotWrittenBackYet() throws Exception {
    writeUntil(50);
    try (Connection reader = reading()) {
      writeUntil(100);
      bound.committed();
      // No further than whoever reads has come.
      await().atMost(SOON).until(() -> log().behind() == 50);
      assertThat(reader.isClosed()).isFalse();
    }
    writeUntil(149);
    bound.committed();
    Thread.sleep(200);
    assertThat(log().behind()).isEqualTo(99);
    writeUntil(150);
    bound.committed();
    await().atMost(SOON).until(() -> log().behind() == 0);
  }

  @Test
  void startsALargeLogAnewAndCutsIt() throws Exception {
    try (Connection reader = reading()) {
      writeUntil(460);
      assertThat(reader.isClosed()).isFalse();
    }
    bound.committed();
    assertThat(log().behind()).as("without waiting for anybody").isZero();
    writePages(1);
    assertThat(log().pages()).isEqualTo(1);
    assertThat(Files.size(directory.resolve("scans.db-wal"))).isEqualTo(LIMITS.keptBytes());
  }

  @Test
  void waitsBrieflyForAReaderAndTriesAgainWhenTheLogHasGrownByAQuarter() throws Exception {
    WalBound alone =
        new WalBound(writer, new DatabaseFile(path), new WalBound.Limits(1_000_000, 400, 450));
    int first;
    try (Connection early = reading()) {
      first = log().pages();
      writeUntil(400);
      long start = System.nanoTime();
      alone.committed();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(150));
      assertThat(early.isClosed()).isFalse();
    }
    assertThat(log().checkpointed()).as("as far as the reader let it").isEqualTo(first);
    writeUntil(450);
    try (Connection late = reading()) {
      writeUntil(499);
      alone.committed();
      assertThat(log().checkpointed()).as("it was not tried").isEqualTo(first);
      writeUntil(500);
      alone.committed();
      assertThat(log().checkpointed()).as("it was tried").isEqualTo(450);
      assertThat(late.isClosed()).isFalse();
    }
    writeUntil(600);
    alone.committed();
    writePages(1);
    assertThat(log().pages()).as("anew").isEqualTo(1);
    writeUntil(400);
    alone.committed();
    writePages(1);
    assertThat(log().pages()).as("anew, at the first limit again").isEqualTo(1);
    alone.close();
  }

  @Test
  void leavesNoWaitForLocksBehind() throws Exception {
    writeUntil(400);
    bound.committed();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA busy_timeout")) {
      row.next();
      assertThat(row.getInt(1)).isZero();
    }
  }

  @Test
  void keepsRoomForABatchBeyondWhereItStartsAnew() {
    WalBound.Limits limits = WalBound.Limits.DEFAULT;
    assertThat(limits.keptBytes()).isBetween(800_000_000L, 1_000_000_000L);
    assertThat(limits.keptPages() - limits.restartPages())
        .as("pages, for rows that have each one of their own")
        .isGreaterThan(IngestOptions.defaults().maxBatch());
  }

  private record Log(int pages, int checkpointed) {
    int behind() {
      return pages - checkpointed;
    }
  }

  private Log log() throws SQLException {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = other.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
      row.next();
      return new Log(row.getInt("log"), row.getInt("checkpointed"));
    }
  }

  private void writeUntil(int pages) throws SQLException {
    while (log().pages() < pages) {
      writePages(1);
    }
  }

  /** A transaction that changes one page. */
  private void writePages(int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      execute(writer, "PRAGMA user_version = " + (1 + System.nanoTime() % 1_000_000));
    }
  }

  private Connection reading() throws SQLException {
    Connection reader = DriverManager.getConnection("jdbc:sqlite:" + path);
    execute(reader, "BEGIN");
    execute(reader, "SELECT count(*) FROM other");
    return reader;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
