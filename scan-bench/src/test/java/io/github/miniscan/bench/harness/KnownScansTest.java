package io.github.miniscan.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.decode.RejectedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownScansTest {

  private static final int COUNT = 1_000;

  private final JsonScanDecoder decoder = new JsonScanDecoder();
  private Path database = Path.of("");

  @BeforeEach
  void nameTheFile(@TempDir Path directory) {
    database = directory.resolve("scans.db");
  }

  @Test
  void everythingIsMissingFromAFileThatIsNotThere() {
    KnownScans scans = KnownScans.distinct(COUNT);

    assertThat(scans.compare(database).missing()).isEqualTo(COUNT);
    assertThat(database).doesNotExist();
  }

  @Test
  void agreesWithATableThatHasTheNewestScanOfEachKey() throws Exception {
    KnownScans scans = KnownScans.updates(COUNT);
    keep(scans);

    assertThat(scans.compare(database).isRight()).isTrue();
    assertThat(scans.compare(database).words()).isEqualTo("all there");
  }

  @Test
  void countsWhatIsMissingNotTheNewestAndExtra() throws Exception {
    KnownScans scans = KnownScans.updates(COUNT);
    keep(scans);
    execute("DELETE FROM scan WHERE rowid = (SELECT min(rowid) FROM scan)");
    execute("UPDATE scan SET last_scanned = 1 WHERE rowid = (SELECT max(rowid) FROM scan)");
    execute("INSERT INTO scan VALUES ('nowhere', 1, 'HTTP', 1, '')");

    assertThat(scans.compare(database).words())
        .isEqualTo("1 missing, 1 not the newest, 1 that should not be there");
  }

  @Test
  void distinctScansHaveAKeyEach() throws Exception {
    Set<Object> keys = new HashSet<>();
    for (byte[] payload : KnownScans.distinct(COUNT).payloads()) {
      keys.add(decode(payload).key());
    }

    assertThat(keys).hasSize(COUNT);
  }

  @Test
  void malformedMessagesFitIntoLines() throws Exception {
    Path lines = database.resolveSibling("lines");

    Publisher.write(KnownScans.malformed(50), lines);

    assertThat(Files.readAllLines(lines)).hasSize(50).noneMatch(String::isEmpty);
  }

  private ScanRecord decode(byte[] payload) throws RejectedException {
    return decoder.decode(new Message("1", payload, Map.of(), Instant.now()));
  }

  private void keep(KnownScans scans) throws Exception {
    execute(
        "CREATE TABLE scan(ip, port, service, last_scanned, response,"
            + " PRIMARY KEY (ip, port, service))");
    try (Connection connection = connect();
        PreparedStatement upsert =
            connection.prepareStatement(
                """
                INSERT INTO scan VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE
                SET last_scanned = excluded.last_scanned, response = excluded.response
                WHERE excluded.last_scanned > scan.last_scanned
                """)) {
      connection.setAutoCommit(false);
      for (byte[] payload : scans.payloads()) {
        ScanRecord scan = decode(payload);
        upsert.setString(1, scan.key().ip().toString());
        upsert.setInt(2, scan.key().port());
        upsert.setString(3, scan.key().service());
        upsert.setLong(4, scan.lastScanned());
        upsert.setString(5, scan.response().text());
        upsert.executeUpdate();
      }
      connection.commit();
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database);
  }
}
