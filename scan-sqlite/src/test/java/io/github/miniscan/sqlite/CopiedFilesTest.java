package io.github.miniscan.sqlite;

import static io.github.miniscan.sqlite.Scans.all;
import static io.github.miniscan.sqlite.Scans.scan;
import static io.github.miniscan.sqlite.Scans.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies that people make of a store, and put back. */
class CopiedFilesTest {

  private static final Pattern PRAGMAS = Pattern.compile("\"(PRAGMA [^\"]*)\"");

  @TempDir private Path directory;
  private Path path;
  private Path copy;

  @BeforeEach
  void choosePaths() {
    path = directory.resolve("scans.db");
    copy = directory.resolve("copy.db");
  }

  // ---- copies of what is in the file, which lose whose file it is

  @Test
  void aCopyByDumpIsToldFromAForeignFileAndOpensAfterWhatTheSentenceSays() throws Exception {
    ScanRecord scan = scan("1.1.1.1", 80, 1, "x");
    try (ScanStore store = SqliteScanStore.open(path)) {
      write(store, scan);
    }
    new Sql(path).dumpTo(copy);
    byte[] before = Files.readAllBytes(copy);

    String sentence = refusal(copy);

    assertThat(sentence).startsWith(copy + " seems to be a copy of a store");
    assertThat(Files.readAllBytes(copy)).isEqualTo(before);
    Matcher pragmas = PRAGMAS.matcher(sentence);
    assertThat(pragmas.find()).as(sentence).isTrue();
    new Sql(copy).execute(pragmas.group(1).split("; ", -1));
    try (ScanStore store = SqliteScanStore.open(copy)) {
      assertThat(all(store)).containsExactly(scan);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 1836278638",
        "CREATE TABLE notes (a)",
        "CREATE INDEX by_port ON scan (port)",
        "ALTER TABLE scan ADD COLUMN seen_by TEXT",
      })
  void aCopyByDumpIsRecognizedWithSomethingMoreInIt(String more) throws Exception {
    SqliteScanStore.open(path).close();
    new Sql(path).dumpTo(copy);
    new Sql(copy).execute(more);

    assertThat(refusal(copy)).startsWith(copy + " seems to be a copy of a store");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRAGMA application_id = 77",
        "DROP TABLE dead_letter",
        "ALTER TABLE scan DROP COLUMN response",
        "ALTER TABLE dead_letter RENAME COLUMN payload TO body",
      })
  void aFileThatOnlyLooksALittleLikeAStoreIsAnotherPrograms(String change) throws Exception {
    new Sql(path)
        .execute(
            "CREATE TABLE scan (ip, port, service, first_scanned, last_scanned, response, ip_key)",
            "CREATE TABLE dead_letter (id, reason, detail, message_id, publish_time, publish_nanos,"
                + " received_at, received_nanos, attributes, payload)");
    assertThat(refusal(path)).startsWith(path + " seems to be a copy of a store");

    new Sql(path).execute(change);

    assertThat(refusal(path)).startsWith(path + " is a SQLite file of another program");
  }

  // ---- a copy beside the log of the file that it replaced

  @Test
  void aCopyBesideTheLogOfTheFileBeforeIsRefusedBeforeTheLogRuinsIt() throws Exception {
    ScanRecord[] early = scans(0, 200);
    try (ScanStore store = SqliteScanStore.open(path)) {
      write(store, early);
      new Sql(path).execute("VACUUM INTO '" + copy + "'");
      write(store, scans(200, 5_000));
      new Sql(path).execute("PRAGMA wal_checkpoint(TRUNCATE)");
      write(store, scans(5_000, 5_010));
      killedAt(directory.resolve("killed.db"));
    }
    Path killed = directory.resolve("killed.db");
    Files.copy(copy, killed, StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> SqliteScanStore.open(killed).close())
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(killed + "-wal belongs to another file than " + killed)
        .hasMessageContaining("remove " + killed + "-wal and " + killed + "-shm");

    assertThat(killed).hasSameBinaryContentAs(copy);
    Files.delete(Path.of(killed + "-wal"));
    Files.delete(Path.of(killed + "-shm"));
    try (ScanStore store = SqliteScanStore.open(killed)) {
      assertThat(all(store)).containsExactly(early);
    }
  }

  @Test
  void readingWritesNoLogBackIntoTheFile() throws Exception {
    Path killed = directory.resolve("killed.db");
    try (ScanStore store = SqliteScanStore.open(path)) {
      write(store, scans(0, 200));
      new Sql(path).execute("PRAGMA wal_checkpoint(TRUNCATE)");
      write(store, scans(200, 400));
      killedAt(killed);
    }
    byte[] file = Files.readAllBytes(killed);
    byte[] log = Files.readAllBytes(Path.of(killed + "-wal"));

    try (ScanStore store = SqliteScanStore.openReadOnly(killed)) {
      assertThat(all(store)).hasSize(400);
    }

    assertThat(killed).hasBinaryContent(file);
    assertThat(Path.of(killed + "-wal")).hasBinaryContent(log);
  }

  @Test
  void theFileOfAKilledWriterIsTakenOverWithWhatIsOnlyInItsLog() throws Exception {
    Path killed = directory.resolve("killed.db");
    try (ScanStore store = SqliteScanStore.open(path)) {
      write(store, scans(0, 200));
      new Sql(path).execute("PRAGMA wal_checkpoint(TRUNCATE)");
      write(store, scans(200, 5_000));
      killedAt(killed);
    }
    assertThat(Files.size(Path.of(killed + "-wal"))).isGreaterThan(Files.size(killed));

    try (ScanStore store = SqliteScanStore.open(killed)) {
      write(store, scans(5_000, 5_010));
      assertThat(all(store)).hasSize(5_010);
    }
    assertThat(new Sql(killed).rows("PRAGMA integrity_check")).containsExactly("ok");
  }

  /** Leaves what a writer that is killed now would leave. */
  private void killedAt(Path killed) throws Exception {
    for (String part : List.of("", "-wal", "-shm")) {
      Files.copy(Path.of(path + part), Path.of(killed + part));
    }
  }

  private static ScanRecord[] scans(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> scan("1.1." + i / 250 + "." + i % 250, 80, i, "response " + i))
        .toArray(ScanRecord[]::new);
  }

  /** Returns what is said when the file is opened, which is the same for writing and reading. */
  private static String refusal(Path file) {
    StoreException writing = refusedBy(() -> SqliteScanStore.open(file));
    StoreException reading = refusedBy(() -> SqliteScanStore.openReadOnly(file));
    assertThat(reading.getMessage()).isEqualTo(writing.getMessage());
    return String.valueOf(writing.getMessage());
  }

  private interface Opening {
    ScanStore open();
  }

  private static StoreException refusedBy(Opening opening) {
    try (ScanStore store = opening.open()) {
      throw new AssertionError("not refused: " + all(store).size() + " records");
    } catch (StoreException e) {
      return e;
    }
  }
}
