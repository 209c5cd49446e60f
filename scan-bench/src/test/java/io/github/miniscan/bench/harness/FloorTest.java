package io.github.miniscan.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloorTest {

  private static final int BATCH = 500;

  @TempDir Path directory;

  @Test
  void cAndTheStoreWriteTheSameRows() throws Exception {
    Floor floor = compiled();
    Path rows = directory.resolve("rows");
    RowsFile.write(rows, records(3_000));
    Path ours = made("ours.db");
    Path theirs = made("theirs.db");

    Path warm = made("warm.db");
    run(floor.command(new WriteTask(theirs, rows, BATCH, warm, rows, 2 * BATCH)));
    assertThat(directory.resolve("floor.log")).content().startsWith("rows 2000 ");
    WriteTask task = new WriteTask(ours, rows, BATCH, warm, rows, 2 * BATCH);
    StoreProcess.main(task.arguments().toArray(new String[0]));
    assertThat(SameRows.difference(ours, theirs)).isEmpty();

    change(ours);
    assertThat(SameRows.difference(ours, theirs)).contains("is not the same");
  }

  @Test
  void whatDoesNotCountIsWholeBatches() {
    Path any = directory.resolve("any");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WriteTask(any, any, BATCH, any, any, BATCH + 1))
        .withMessageContaining("501 rows");
  }

  @Test
  void rowsComeBackAsTheyWere() throws IOException {
    List<ScanRecord> records = records(300);
    Path rows = directory.resolve("rows");
    RowsFile.write(rows, records);
    assertThat(RowsFile.read(rows)).isEqualTo(records);
  }

  private Floor compiled() throws IOException, InterruptedException {
    try {
      return Floor.compile(Path.of("src/main/c/floor.c"), directory);
    } catch (HarnessException e) {
      return abort(e.getMessage());
    }
  }

  /** Few keys, so that there are updates and ties. */
  private static List<ScanRecord> records(int count) {
    TrafficGenerator traffic =
        new TrafficGenerator(TrafficOptions.nasty(11).withKeys(400).withMalformed(0));
    return Stream.generate(traffic::next)
        .limit(count)
        .flatMap(message -> message.record().stream())
        .toList();
  }

  private Path made(String name) {
    Path path = directory.resolve(name);
    SqliteScanStore.open(path).close();
    return path;
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    try (ChildProcess process =
        ChildProcess.start("floor", command, Map.of(), directory.resolve("floor.log"))) {
      process.awaitSuccess(60);
    }
  }

  private static void change(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE scan SET last_scanned = last_scanned + 1 WHERE port = 443");
    }
  }
}
