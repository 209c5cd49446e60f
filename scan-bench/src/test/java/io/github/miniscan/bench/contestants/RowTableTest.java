package io.github.miniscan.bench.contestants;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.bench.harness.StoreCheck;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowTableTest {

  private static final String SELECT =
      "SELECT ip, port, service, first_scanned, last_scanned, response FROM scan";

  @TempDir Path directory;

  @Test
  void holdsWhatTheOracleSaysOfWellFormedMessages() throws SQLException {
    TrafficOptions options = TrafficOptions.nasty(12).withKeys(500).withMalformed(0);
    int count = 5_000;
    Path database = directory.resolve("rows.db");
    RowReader reader = new RowReader();
    List<Row> rows = new ArrayList<>();
    TrafficGenerator traffic = new TrafficGenerator(options);
    for (int i = 0; i < count; i++) {
      TrafficMessage message = traffic.next();
      rows.add(reader.read(message.payload(), "ack"));
    }
    assertThat(rows).doesNotContainNull();
    try (RowTable table = RowTable.open(database, List.of())) {
      for (int from = 0; from < count; from += 1_000) {
        List<Row> batch = new ArrayList<>(rows.subList(from, from + 1_000));
        batch.sort(null);
        table.write(batch);
      }
    }
    Oracle oracle = Oracle.of(options, count);
    assertThat(StoreCheck.ofTable(SELECT).faultOf(database, oracle)).isEmpty();

    Oracle more = Oracle.of(options, count + 1_000);
    assertThat(StoreCheck.ofTable(SELECT).faultOf(database, more)).contains("differences");
  }

  @Test
  void hasNoRowForWhatIsNoMessage() {
    RowReader reader = new RowReader();
    for (String payload : List.of("", "null", "{}", "{\"ip\":", "{\"ip\":\"x\",\"port\":1}")) {
      assertThat(reader.read(payload.getBytes(UTF_8), "a")).isNull();
    }
  }
}
