package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class CheckpointerTest {

  @TempDir private Path directory;
  private Connection writer;
  private Checkpointer checkpointer;

  @BeforeEach
  void open() throws SQLException {
    Path path = directory.resolve("scans.db");
    SqliteScanStore.open(path).close();
    writer = DriverManager.getConnection("jdbc:sqlite:" + path);
    write("PRAGMA wal_autocheckpoint = 0");
    write("CREATE TABLE other (a)");
    checkpointer = Checkpointer.open(new DatabaseFile(path));
  }

  @AfterEach
  void close() throws SQLException {
    checkpointer.close();
    writer.close();
  }

  @Test
  void writesBackWhateverIsInTheLogEachTimeItIsAsked() throws Exception {
    for (int i = 0; i < 3; i++) {
      write("INSERT INTO other VALUES (randomblob(100000))");
      assertThat(pagesBehind()).isPositive();

      checkpointer.request();

      await().atMost(Duration.ofSeconds(10)).until(() -> pagesBehind() == 0);
    }
    assertThat(threads()).as("one for all of it, which keeps no program alive").hasSize(1);
    assertThat(threads().get(0).isDaemon()).isTrue();
  }

  @Test
  void doesNothingUnlessItIsAsked() throws Exception {
    write("INSERT INTO other VALUES (randomblob(100000))");

    checkpointer.close();

    assertThat(pagesBehind()).isPositive();
    assertThat(threads()).isEmpty();
  }

  @Test
  void endsItsThreadWhenItIsClosedAndKeepsAnInterruptForItsCaller() throws Exception {
    checkpointer.request();
    await().atMost(Duration.ofSeconds(10)).until(() -> pagesBehind() == 0);
    Thread.currentThread().interrupt();

    checkpointer.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(threads()).isEmpty();
  }

  @Test
  void givesWayToAWriterAndGoesOnLater() throws Exception {
    write("INSERT INTO other VALUES (randomblob(100000))");
    write("BEGIN IMMEDIATE");
    checkpointer.request();
    write("INSERT INTO other VALUES (1)");
    write("COMMIT");
    checkpointer.request();

    await().atMost(Duration.ofSeconds(10)).until(() -> pagesBehind() == 0);
  }

  @Test
  void letsGoOfTheFileWhenItIsClosed() throws Exception {
    checkpointer.close();
    writer.close();

    assertThat(directory.resolve("scans.db-wal")).doesNotExist();
  }

  private void write(String sql) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute(sql);
    }
  }

  private int pagesBehind() throws SQLException {
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
      row.next();
      return row.getInt("log") - row.getInt("checkpointed");
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("scan-checkpoint"))
        .toList();
  }
}
