package io.github.miniscan.sqlite;

import static io.github.miniscan.sqlite.Scans.all;
import static io.github.miniscan.sqlite.Scans.keep;
import static io.github.miniscan.sqlite.Scans.letters;
import static io.github.miniscan.sqlite.Scans.scan;
import static io.github.miniscan.sqlite.Scans.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.WriteResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text with U+0000, which SQLite's tools and most readers of CSV cut off there. */
class ResponsesWithNulTest {

  private static final String MARKS =
      "PRAGMA application_id = " + 0x6d73636e + "; PRAGMA user_version = 1";

  @TempDir private Path directory;
  private Path path;
  private Sql sql;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("scans.db");
    sql = new Sql(path);
  }

  @Test
  void areBlobsAndReadToTheByte() throws Exception {
    ScanRecord[] scans = {
      scan("1.1.1.1", 1, 1, "plain"),
      scan("1.1.1.1", 2, 1, ""),
      scan("1.1.1.1", 3, 1, "\0"),
      scan("1.1.1.1", 4, 1, HexFormat.of().parseHex("15030100020228")),
      scan("1.1.1.1", 5, 1, "hello".getBytes(StandardCharsets.UTF_16LE)),
      scan("1.1.1.1", 6, 1, "é\0é"),
      scan("1.1.1.1", 7, 1, "x".repeat(10_000) + "\0"),
    };
    try (ScanStore store = SqliteScanStore.open(path)) {
      write(store, scans);
      assertThat(all(store)).containsExactly(scans);
    }
    assertThat(sql.rows("SELECT typeof(response) FROM scan ORDER BY port"))
        .containsExactly("text", "text", "blob", "blob", "blob", "blob", "blob");
  }

  @Test
  void areWholeInACopyThatIsMadeByDump() throws Exception {
    ScanRecord scan = scan("1.1.1.1", 443, 1, HexFormat.of().parseHex("15030100020228"));
    Message message = new Message("a\0b", new byte[] {0, 1}, Map.of("k\0", "v\0v"), null);
    DeadLetter letter =
        DeadLetter.of(message, Reason.INVALID_IP, "not an ip: a\0b", Instant.ofEpochSecond(9));
    try (ScanStore store = SqliteScanStore.open(path)) {
      write(store, scan);
      keep(store, letter);
      store.updateReason(letter.id(), Reason.INVALID_PORT, "not a port: c\0d");
    }
    Path copy = directory.resolve("copy.db");
    sql.dumpTo(copy);
    new Sql(copy).execute(MARKS.split("; ", -1));

    try (ScanStore store = SqliteScanStore.openReadOnly(copy)) {
      assertThat(all(store)).containsExactly(scan);
      assertThat(letters(store)).hasSize(1);
      DeadLetter copied = letters(store).get(0);
      assertThat(copied.detail()).isEqualTo("not a port: c\0d");
      assertThat(copied.message().id()).isEqualTo("a\0b");
      assertThat(copied.message().attributes()).isEqualTo(message.attributes());
      assertThat(store.findDeadLetter(letter.id())).isPresent();
    }
  }

  @Test
  void ofEarlierFilesAreReadToTheByteAndBecomeBlobsWhenTheirRowChanges() throws Exception {
    ScanRecord[] before = new ScanRecord[4];
    for (int port = 0; port < before.length; port++) {
      before[port] = scan("1.1.1.1", port, 50, "a\0b");
    }
    try (ScanStore store = SqliteScanStore.open(path)) {
      write(store, before);
    }
    sql.execute("UPDATE scan SET response = CAST(response AS TEXT)");
    try (ScanStore store = SqliteScanStore.open(path)) {
      assertThat(all(store)).containsExactly(before);

      assertThat(write(store, scan("1.1.1.1", 0, 50, "a\0a"), before[0]))
          .isEqualTo(WriteResult.of(0, 2));
      write(store, scan("1.1.1.1", 1, 60, "a\0b"));
      write(store, scan("1.1.1.1", 2, 40, "a\0b"));
      write(store, scan("1.1.1.1", 3, 50, "a\0c"));

      assertThat(all(store))
          .isEqualTo(
              List.of(
                  before[0],
                  before[1].merge(scan("1.1.1.1", 1, 60, "a\0b")),
                  before[2].merge(scan("1.1.1.1", 2, 40, "a\0b")),
                  scan("1.1.1.1", 3, 50, "a\0c")));
    }
    assertThat(sql.rows("SELECT typeof(response) FROM scan ORDER BY port"))
        .containsExactly("text", "blob", "blob", "blob");
  }
}
