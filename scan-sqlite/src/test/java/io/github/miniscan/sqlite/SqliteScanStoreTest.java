package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.UnusableStoreException;
import io.github.miniscan.store.WriteResult;
import io.github.miniscan.testkit.ReadOnlyContract;
import io.github.miniscan.testkit.RefusingContract;
import io.github.miniscan.testkit.ReopeningContract;
import io.github.miniscan.testkit.ScanStoreContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteScanStoreTest
    implements ScanStoreContract, ReopeningContract, ReadOnlyContract, RefusingContract {

  private static final SqliteOptions IMPATIENT =
      SqliteOptions.defaults()
          .withOpenWithin(Duration.ofMillis(100))
          .withLockWait(Duration.ofMillis(50));

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("scans.db");
  }

  /** On a busy machine writers in turn wait longer for each other than is good for an operator. */
  @Override
  public ScanStore open() {
    return SqliteScanStore.open(
        path, SqliteOptions.defaults().withLockWait(Duration.ofSeconds(15)));
  }

  @Override
  public ScanStore openReadOnly() {
    return SqliteScanStore.openReadOnly(path);
  }

  /** SQLite itself refuses only what is larger than a gigabyte. */
  @Override
  public ScanRecord refused() throws SQLException {
    sql(
        "CREATE TRIGGER quota BEFORE INSERT ON scan WHEN length(NEW.response) > 1000"
            + " BEGIN SELECT RAISE(ABORT, 'over quota'); END");
    return scan("1.1.1.1", 80, 1, "x".repeat(1_001));
  }

  // ---- the file explains itself

  @Test
  void showsRecordsToWhoeverOpensTheFile() throws Exception {
    try (ScanStore store = open()) {
      write(store, scan("1.1.1.1", 80, 1_700_000_000, "hello world"));
      write(store, scan("1.1.1.1", 80, 1_600_000_000, "earlier"));
      write(store, scan("2001:db8::1", 0, 1, new byte[] {(byte) 0xff}));
    }
    assertThat(
            rows(
                "SELECT ip, port, service, first_scanned, last_scanned, response, typeof(response)"
                    + " FROM scan WHERE response = 'hello world' OR port = 0"))
        .containsExactly(
            "1.1.1.1|80|HTTP|1600000000|1700000000|hello world|text",
            "2001:db8::1|0|HTTP|1|1|\ufffd|blob");
    assertThat(rows("SELECT ip FROM scan WHERE ip_key BETWEEN x'0401000000' AND x'0401FFFFFF'"))
        .containsExactly("1.1.1.1");
  }

  @Test
  void showsDeadLettersToWhoeverOpensTheFile() throws Exception {
    Message message = new Message("7", new byte[] {'x'}, Map.of("b", "2", "a", "1"), at(5));
    try (ScanStore store = open()) {
      store.write(
          Batch.of(
              List.of(), List.of(DeadLetter.of(message, Reason.INVALID_IP, "not an ip", at(9)))));
    }
    assertThat(
            rows(
                "SELECT id, reason, detail, message_id, publish_time, received_at, attributes,"
                    + " CAST(payload AS TEXT) FROM dead_letter"))
        .containsExactly(
            DeadLetter.idOf(message) + "|INVALID_IP|not an ip|7|5|9|{\"a\":\"1\",\"b\":\"2\"}|x");
  }

  @Test
  void saysWhoseFileItIsAndWhatItsColumnsMean() throws Exception {
    open().close();
    assertThat(rows("PRAGMA application_id")).containsExactly("" + 0x6d73636e);
    assertThat(rows("PRAGMA user_version")).containsExactly("1");
    assertThat(rows("PRAGMA journal_mode")).containsExactly("wal");
    assertThat(rows("SELECT sql FROM sqlite_schema WHERE name IN ('scan', 'dead_letter')"))
        .allSatisfy(sql -> assertThat(sql).contains("-- One row for each", "seconds since 1970"));
  }

  @Test
  void leavesOneFileWhenClosed() throws Exception {
    try (ScanStore store = open()) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
      assertThat(all(store)).hasSize(1);
    }
    try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
      assertThat(all(store)).hasSize(1);
    }
    assertThat(files()).containsExactly("scans.db");
  }

  // ---- Java rules and SQL rules are one

  @Test
  void sortsKeysInSqlAsInJava() throws Exception {
    Random random = new Random(21);
    List<ScanRecord> scans = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      IpAddress ip =
          random.nextBoolean()
              ? IpAddress.ofV4(random.nextInt())
              : IpAddress.ofV6(random.nextLong(), random.nextLong());
      String service = new String(Character.toChars(0x20 + random.nextInt(0xd7e0)));
      String name = service + (random.nextBoolean() ? "a" : "😀a");
      if (ScanKey.isService(name)) {
        scans.add(ScanRecord.ofScan(new ScanKey(ip, i % 3, name), 1, Response.ofText("")));
      }
    }
    try (ScanStore store = open()) {
      write(store, scans.toArray(ScanRecord[]::new));
    }
    assertThat(rows("SELECT ip, port, service FROM scan ORDER BY ip_key, port, service"))
        .isEqualTo(
            scans.stream()
                .map(ScanRecord::key)
                .sorted()
                .map(key -> key.ip() + "|" + key.port() + "|" + key.service())
                .toList());
  }

  @Test
  void tellsStoredFromStale() {
    try (ScanStore store = open()) {
      ScanRecord middle = scan("1.1.1.1", 80, 50, "m");
      assertThat(write(store, middle)).isEqualTo(WriteResult.of(1, 0));
      assertThat(write(store, middle, middle)).isEqualTo(WriteResult.of(0, 2));
      assertThat(write(store, scan("1.1.1.1", 80, 50, "l"))).isEqualTo(WriteResult.of(0, 1));
      assertThat(write(store, scan("1.1.1.1", 80, 50, "n"))).isEqualTo(WriteResult.of(1, 0));
      assertThat(write(store, scan("1.1.1.1", 80, 40, "z"))).isEqualTo(WriteResult.of(1, 0));
      assertThat(write(store, scan("1.1.1.1", 80, 45, "z"))).isEqualTo(WriteResult.of(0, 1));
      assertThat(write(store, scan("1.1.1.1", 80, 60, "a"), scan("1.1.1.2", 80, 60, "a"), middle))
          .isEqualTo(WriteResult.of(2, 1));
    }
  }

  @Test
  void writesNothingWhenNothingChanges() throws Exception {
    try (ScanStore store = open()) {
      ScanRecord[] scans =
          IntStream.range(0, 500)
              .mapToObj(i -> scan("1.1.1.1", i, 1, "x"))
              .toArray(ScanRecord[]::new);
      write(store, scans);
      long before = Files.size(directory.resolve("scans.db-wal"));
      write(store, scans);
      assertThat(Files.size(directory.resolve("scans.db-wal"))).isEqualTo(before);
    }
  }

  @Test
  void looksKeysUpInTheirOrder() throws Exception {
    open().close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        PreparedStatement plan =
            connection.prepareStatement("EXPLAIN QUERY PLAN " + ScanTable.page(new Condition()));
        ResultSet row = plan.executeQuery()) {
      row.next();
      assertThat(row.getString("detail"))
          .startsWith("SEARCH scan USING PRIMARY KEY ((ip_key,port,service)>(?,?,?) AND ip_key<?)");
      assertThat(row.next()).as("a separate sort").isFalse();
    }
  }

  // ---- refusals

  @Test
  void takesAnEmptyFileForANewOne() throws Exception {
    Files.createFile(path);
    try (ScanStore store = open()) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
      assertThat(all(store)).hasSize(1);
    }
  }

  @Test
  void leavesTheFileOfAnotherProgramAlone() throws Exception {
    sql("CREATE TABLE precious (x)", "INSERT INTO precious VALUES (1)");
    assertRefusedUntouched(
        StoreException.class, "is a SQLite file of another program", "name another");
    sql("PRAGMA application_id = 77");
    assertRefusedUntouched(
        StoreException.class, "is a SQLite file of another program", "name another");
    sql("PRAGMA journal_mode = WAL", "PRAGMA application_id = 0");
    assertRefusedUntouched(
        StoreException.class, "is a SQLite file of another program", "name another");
  }

  @Test
  void leavesAFileThatIsNotSqliteAlone() throws Exception {
    Files.writeString(path, "Dear diary, today I scanned the internet.\n".repeat(100));
    assertRefusedUntouched(StoreException.class, "is not a SQLite file", "name another");
    Files.writeString(path, "short");
    assertRefusedUntouched(StoreException.class, "is not a SQLite file", "name another");
  }

  @Test
  void leavesANewerFileAlone() throws Exception {
    try (ScanStore store = open()) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
    }
    sql("PRAGMA user_version = 2");
    assertRefusedUntouched(
        UnusableStoreException.class, "newer version of this program (format 2, this one knows 1)");
  }

  @Test
  void saysThatAFileIsCutOff() throws Exception {
    fill(2_000);
    byte[] whole = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(whole, whole.length / 2));
    assertRefused(
        StoreException.class,
        "is damaged",
        "put a copy in its place",
        "remove " + path + "-wal and " + path + "-shm");
  }

  @Test
  void saysThatAFileIsOverwritten() throws Exception {
    fill(2_000);
    byte[] bytes = Files.readAllBytes(path);
    new Random(1).nextBytes(bytes);
    byte[] header = Arrays.copyOf(Files.readAllBytes(path), 100);
    System.arraycopy(header, 0, bytes, 0, header.length);
    Files.write(path, bytes);
    assertRefused(
        StoreException.class,
        "is damaged",
        "put a copy in its place",
        "remove " + path + "-wal and " + path + "-shm");
  }

  @Test
  void saysThatAPageIsDamagedOnceItIsRead() throws Exception {
    fill(2_000);
    byte[] bytes = Files.readAllBytes(path);
    new Random(1).nextBytes(bytes);
    byte[] good = Arrays.copyOf(Files.readAllBytes(path), 6 * 4096);
    System.arraycopy(good, 0, bytes, 0, good.length);
    Files.write(path, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    try (ScanStore store = SqliteScanStore.open(path, IMPATIENT)) {
      assertThatThrownBy(() -> all(store))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(path + " is damaged");
    }
  }

  @Test
  void saysThatARowCannotBeWhatWasWritten() throws Exception {
    try (ScanStore store = open()) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
      Message message = new Message("1", new byte[] {1}, Map.of(), null);
      store.write(
          Batch.of(
              List.of(), List.of(DeadLetter.of(message, Reason.MALFORMED_JSON, "none", at(1)))));
    }
    sql("UPDATE scan SET port = 65536");
    sql("UPDATE dead_letter SET received_at = 1 << 62");
    try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
      assertThatThrownBy(() -> all(store))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(path + " is damaged");
      assertThatThrownBy(() -> store.findDeadLetters(DeadLetterQuery.all()).toList())
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(path + " is damaged");
    }
  }

  /** The bytes ff come after the U+FFFD that is read of them: so does the same row, once more. */
  @Test
  @Timeout(20)
  void doesNotReadInCirclesWhereKeysAreOutOfOrder() throws Exception {
    try (ScanStore store = open()) {
      for (int port = 1; port <= 40; port++) {
        write(store, scan("1.1.1.1", port, 1, "x"));
      }
    }
    sql("UPDATE scan SET service = CAST(x'ff' AS TEXT) WHERE port = 16");
    try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
      assertThatThrownBy(() -> all(store))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(path + " is damaged");
    }
  }

  @Test
  void saysWhatIsWrongWithThePath() throws Exception {
    Path missing = directory.resolve("no/such/place/scans.db");
    assertThatThrownBy(() -> SqliteScanStore.open(missing))
        .isInstanceOf(StoreException.class)
        .hasMessage("no directory for the store " + missing + ": create " + missing.getParent());
    assertThatThrownBy(() -> SqliteScanStore.open(directory))
        .isInstanceOf(StoreException.class)
        .hasMessage(directory + " is a directory: name a file in it");
    assertThatThrownBy(() -> SqliteScanStore.openReadOnly(directory))
        .isInstanceOf(StoreException.class)
        .hasMessage(directory + " is a directory: name a file in it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a?b=c.db",
        "a#b.db",
        "100%25 a%.db",
        " a b ",
        "mode=memory",
        "é😀;'\".db",
        ":memory:"
      })
  void takesAnyFileName(String name) throws Exception {
    Path odd = directory.resolve(name);
    try (ScanStore store = SqliteScanStore.open(odd)) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
    }
    assertThat(files()).containsExactly(name);
    try (ScanStore store = SqliteScanStore.openReadOnly(odd)) {
      assertThat(all(store)).hasSize(1);
    }
  }

  @Test
  void takesARelativePath() {
    Path relative = Path.of("").toAbsolutePath().relativize(path.toAbsolutePath());
    try (ScanStore store = SqliteScanStore.open(relative)) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
    }
    assertThat(path).isNotEmptyFile();
  }

  @Test
  void followsASymbolicLink() throws Exception {
    open().close();
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("link.db"), path);
    ScanRecord scan = scan("1.1.1.1", 80, 1, "x");
    try (ScanStore store = SqliteScanStore.open(link);
        ScanStore reader = SqliteScanStore.openReadOnly(link)) {
      write(store, scan);
      assertThat(all(reader)).containsExactly(scan);
      Files.delete(directory.resolve("scans.db-wal"));
      assertThatThrownBy(() -> write(store, scan)).hasMessageContaining("removed or replaced");
    }
    try (Stream<Path> files = Files.list(elsewhere)) {
      assertThat(files).containsExactly(link);
    }
  }

  // ---- reading only

  @Test
  void readsOnlyWhatExistsAndMakesNothing() throws Exception {
    assertThatThrownBy(() -> SqliteScanStore.openReadOnly(path))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("no store at " + path);
    assertThat(files()).isEmpty();
    Files.createFile(path);
    assertThatThrownBy(() -> SqliteScanStore.openReadOnly(path))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("no store at " + path);
    assertThat(files()).containsExactly("scans.db");
    assertThat(path).isEmptyFile();
  }

  // ---- migrations

  private static final Schema NEXT =
      new Schema(
          List.of(
              Schema.CURRENT.migrations().get(0),
              "CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('kept');"));

  @Test
  void migratesAnOlderFileAndKeepsWhatIsInIt() throws Exception {
    fill(100);
    for (int i = 0; i < 2; i++) {
      try (ScanStore store = SqliteScanStore.open(path, IMPATIENT, NEXT)) {
        assertThat(all(store)).hasSize(100);
      }
      assertThat(rows("PRAGMA user_version")).containsExactly("2");
      assertThat(rows("SELECT text FROM note")).containsExactly("kept");
    }
  }

  @Test
  void undoesAMigrationThatFails() throws Exception {
    fill(100);
    Schema broken =
        new Schema(List.of("", "CREATE TABLE note (text TEXT); INSERT INTO nowhere VALUES (1);"));
    assertThatThrownBy(() -> SqliteScanStore.open(path, IMPATIENT, broken))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no such table: nowhere");
    assertThat(rows("PRAGMA user_version")).containsExactly("1");
    assertThat(rows("SELECT name FROM sqlite_schema WHERE name = 'note'")).isEmpty();
    try (ScanStore store = open()) {
      assertThat(all(store)).hasSize(100);
    }
  }

  @Test
  void stopsWritingOnceANewerProgramHasMigratedTheFile() {
    try (ScanStore old = open()) {
      write(old, scan("1.1.1.1", 80, 1, "x"));
      SqliteScanStore.open(path, IMPATIENT, NEXT).close();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> write(old, scan("1.1.1.2", 80, 1, "x")))
            .isInstanceOf(UnusableStoreException.class)
            .hasMessageContaining("upgrade this program");
      }
    }
    try (ScanStore store = SqliteScanStore.open(path, IMPATIENT, NEXT)) {
      assertThat(all(store)).hasSize(1);
    }
  }

  @Test
  void isMadeOnceByManyWhoOpenItAtOnce() throws Exception {
    for (int round = 0; round < 10; round++) {
      Path file = directory.resolve("round" + round + ".db");
      ExecutorService threads = Executors.newFixedThreadPool(6);
      try {
        List<Future<WriteResult>> writes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          ScanRecord scan = scan("1.1.1." + i, 80, 1, "x");
          writes.add(
              threads.submit(
                  () -> {
                    try (ScanStore store =
                        SqliteScanStore.open(file, SqliteOptions.defaults(), NEXT)) {
                      return write(store, scan);
                    }
                  }));
        }
        for (Future<WriteResult> write : writes) {
          assertThat(write.get()).isEqualTo(WriteResult.of(1, 0));
        }
      } finally {
        threads.shutdownNow();
      }
      try (ScanStore store = SqliteScanStore.open(file, IMPATIENT, NEXT)) {
        assertThat(all(store)).hasSize(6);
      }
    }
  }

  // ---- faults

  @Test
  void saysThatTheFileIsLockedAndGoesOnWhenItIsNot() throws Exception {
    try (ScanStore store = SqliteScanStore.open(path, IMPATIENT);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = other.createStatement()) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
      statement.execute("BEGIN IMMEDIATE");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> write(store, scan("1.1.1.2", 80, 1, "x")))
            .isInstanceOf(StoreException.class)
            .hasMessage(path + " is locked by another program: wait for it, or end it");
      }
      assertThatThrownBy(() -> SqliteScanStore.open(path, IMPATIENT))
          .isInstanceOf(StoreException.class)
          .hasMessage(path + " is locked by another program: wait for it, or end it");
      assertThat(all(store)).as("reading goes on").hasSize(1);
      statement.execute("ROLLBACK");
      write(store, scan("1.1.1.2", 80, 1, "x"));
      assertThat(all(store)).hasSize(2);
    }
  }

  @Test
  void waitsForALockWhenItOpens() throws Exception {
    open().close();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      Future<ScanStore> opening = threads.submit(this::open);
      assertThatThrownBy(() -> SqliteScanStore.open(path, IMPATIENT))
          .hasMessageContaining("locked");
      assertThat(opening.isDone()).isFalse();
      statement.execute("COMMIT");
      opening.get().close();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anEmptyBatchWaitsForNobody() throws Exception {
    try (ScanStore store = open();
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement lock = other.createStatement()) {
      lock.execute("BEGIN IMMEDIATE");
      assertThat(store.write(Batch.of(List.of(), List.of()))).isEqualTo(WriteResult.of(0, 0));
    }
  }

  @Test
  void handsOverARecordThatIsRefusedAndKeepsTheOthers() throws Exception {
    ScanRecord small = scan("1.1.1.1", 80, 1, "small");
    ScanRecord large = scan("1.1.1.2", 80, 1, "far too large");
    DeadLetter letter =
        DeadLetter.of(new Message("1", new byte[0], Map.of(), null), Reason.INVALID_IP, "", at(1));
    open().close();
    sql(
        "CREATE TRIGGER quota BEFORE INSERT ON scan WHEN length(NEW.response) > 10"
            + " BEGIN SELECT RAISE(ABORT, 'over quota'); END");
    try (ScanStore store = open()) {
      Batch<ScanRecord> both = Batch.of(List.of(decoded(small), decoded(large)), List.of(letter));
      assertThatThrownBy(() -> store.write(both))
          .isInstanceOf(RecordRefusedException.class)
          .hasMessageContaining("over quota");
      assertThat(all(store)).isEmpty();
      assertThat(store.findDeadLetter(letter.id())).isEmpty();
      write(store, small);
      assertThatThrownBy(() -> write(store, large)).isInstanceOf(RecordRefusedException.class);
      assertThat(all(store)).containsExactly(small);
    }
  }

  @Test
  void aDeadLetterThatIsRefusedIsAStoreThatIsDown() throws Exception {
    DeadLetter letter =
        DeadLetter.of(new Message("1", new byte[0], Map.of(), null), Reason.INVALID_IP, "", at(1));
    open().close();
    sql("CREATE TRIGGER none BEFORE INSERT ON dead_letter BEGIN SELECT RAISE(ABORT, 'no'); END");
    try (ScanStore store = open()) {
      Batch<ScanRecord> batch =
          Batch.of(List.of(decoded(scan("1.1.1.1", 80, 1, "x"))), List.of(letter));
      assertThatThrownBy(() -> store.write(batch)).isInstanceOf(StoreException.class);
      assertThat(all(store)).as("nothing of the batch").isEmpty();
      sql("DROP TRIGGER none");
      store.write(batch);
      assertThat(all(store)).hasSize(1);
    }
  }

  @Test
  void doesNotTakeACommitToARemovedFileForOne() throws Exception {
    ScanRecord scan = scan("1.1.1.2", 80, 1, "x");
    for (List<String> removed :
        List.of(
            List.of("scans.db"),
            List.of("scans.db-wal"),
            List.of("scans.db-shm"),
            List.of("scans.db", "scans.db-wal", "scans.db-shm"))) {
      try (ScanStore store = open()) {
        write(store, scan("1.1.1.1", 80, 1, "x"));
        assertThat(all(store)).isNotEmpty();
        for (String name : removed) {
          Files.delete(directory.resolve(name));
        }
        assertThatThrownBy(() -> write(store, scan))
            .as("without %s", removed)
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("was removed or replaced while it was open");
        write(store, scan);
        assertThat(all(store)).contains(scan);
      }
      try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
        assertThat(all(store)).as("without %s", removed).contains(scan);
      }
    }
  }

  @Test
  void usesTheFileThatReplacedTheOneItHadOpen() throws Exception {
    ScanRecord other = scan("9.9.9.9", 9, 9, "nine");
    Path replacement = directory.resolve("replacement.db");
    try (ScanStore store = SqliteScanStore.open(replacement)) {
      write(store, other);
    }
    ScanRecord scan = scan("1.1.1.2", 80, 1, "x");
    try (ScanStore store = open()) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
      assertThat(all(store)).hasSize(1);
      Files.delete(directory.resolve("scans.db-wal"));
      Files.delete(directory.resolve("scans.db-shm"));
      Files.move(replacement, path, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> write(store, scan)).hasMessageContaining("removed or replaced");
      write(store, scan);
      assertThat(all(store)).containsExactly(scan, other);
    }
  }

  @Test
  void doesNotMixTheLogOfOneFileWithAnother() throws Exception {
    ScanRecord other = scan("9.9.9.9", 9, 9, "nine");
    Path replacement = directory.resolve("replacement.db");
    try (ScanStore store = SqliteScanStore.open(replacement)) {
      write(store, other);
    }
    ScanRecord scan = scan("1.1.1.2", 80, 1, "x");
    try (ScanStore store = open()) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
      Files.move(replacement, path, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> write(store, scan)).hasMessageContaining("removed or replaced");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> write(store, scan))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("scans.db-wal still belongs to the file before");
      }
      Files.delete(directory.resolve("scans.db-wal"));
      Files.delete(directory.resolve("scans.db-shm"));
      write(store, scan);
      assertThat(all(store)).containsExactly(scan, other);
    }
    assertThat(rows("PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void goesOnWithTheLogOfAFileThatIsBack() throws Exception {
    Path aside = directory.resolve("aside.db");
    Path foreign = directory.resolve("foreign.db");
    ScanRecord first = scan("1.1.1.1", 80, 1, "x");
    ScanRecord second = scan("1.1.1.2", 80, 1, "x");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + foreign);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (x)");
    }
    try (ScanStore store = open();
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement reading = other.createStatement()) {
      write(store, first);
      // Another program has it open as well, so that the log stays.
      reading.executeQuery("SELECT count(*) FROM scan").close();
      Files.move(path, aside);
      Files.move(foreign, path);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> write(store, second)).isInstanceOf(StoreException.class);
      }
      Files.move(aside, path, StandardCopyOption.REPLACE_EXISTING);
      write(store, second);
      assertThat(all(store)).containsExactly(first, second);
    }
    assertThat(rows("PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void mendsAFirstPageThatALossOfPowerLeftHalfWritten() throws Exception {
    ScanRecord scan = scan("1.1.1.1", 80, 1, "x");
    Path torn = directory.resolve("torn.db");
    try (ScanStore store = open()) {
      write(store, scan);
      byte[] bytes = Files.readAllBytes(path);
      Arrays.fill(bytes, 0, 512, (byte) 0xff);
      Files.write(torn, bytes);
      Files.copy(directory.resolve("scans.db-wal"), directory.resolve("torn.db-wal"));
    }
    try (ScanStore store = SqliteScanStore.openReadOnly(torn)) {
      assertThat(all(store)).containsExactly(scan);
    }
    try (ScanStore store = SqliteScanStore.open(torn)) {
      assertThat(all(store)).containsExactly(scan);
    }
  }

  /** A commit that is not empty syncs the whole log; an empty one syncs nothing. */
  @Test
  void commitsOnOpeningSoThatWhatAKilledWriterLeftUnsyncedIsSynced() throws Exception {
    ScanRecord scan = scan("1.1.1.1", 80, 1, "x");
    Path left = directory.resolve("left.db");
    Path log = directory.resolve("left.db-wal");
    try (ScanStore store = open()) {
      write(store, scan);
      Files.copy(path, left);
      Files.copy(directory.resolve("scans.db-wal"), log);
    }
    long before = Files.size(log);
    try (ScanStore store = SqliteScanStore.open(left)) {
      assertThat(Files.size(log)).isGreaterThan(before);
      assertThat(all(store)).containsExactly(scan);
    }
  }

  @Test
  void aSlowReaderDoesNotKeepTheLogFromStartingAnew() throws Exception {
    try (ScanStore store = open()) {
      fill(5_000);
      try (Stream<ScanRecord> records = store.find(ScanQuery.all());
          Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
        assertThat(records.iterator().hasNext()).isTrue();
        assertThat(letters.iterator().hasNext()).isFalse();
        write(store, scan("9.9.9.9", 80, 1, "x"));
        assertThat(rows("PRAGMA wal_checkpoint(TRUNCATE)")).containsExactly("0|0|0");
      }
    }
  }

  // ---- fixtures and steps

  private static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }

  private static ScanRecord scan(String ip, int port, long scannedAt, String response) {
    return scan(ip, port, scannedAt, response.getBytes(StandardCharsets.UTF_8));
  }

  private static ScanRecord scan(String ip, int port, long scannedAt, byte[] response) {
    ScanKey key = new ScanKey(IpAddress.parse(ip), port, "HTTP");
    return ScanRecord.ofScan(key, scannedAt, Response.ofBytes(response));
  }

  private static Decoded<ScanRecord> decoded(ScanRecord record) {
    return new Decoded<>(new Message("", new byte[0], Map.of(), null), record);
  }

  private static WriteResult write(ScanStore store, ScanRecord... records) {
    return store.write(
        Batch.of(Stream.of(records).map(SqliteScanStoreTest::decoded).toList(), List.of()));
  }

  private static List<ScanRecord> all(ScanStore store) {
    try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      return records.toList();
    }
  }

  private void fill(int records) {
    try (ScanStore store = open()) {
      write(
          store,
          IntStream.range(0, records)
              .mapToObj(i -> scan("1.1." + i / 250 + "." + i % 250, 80, i, "response " + i))
              .toArray(ScanRecord[]::new));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /** Each row's columns with a bar between them. */
  private List<String> rows(String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(row.getString(i));
        }
        rows.add(String.join("|", values));
      }
    }
    return rows;
  }

  private void assertRefused(Class<? extends StoreException> type, String... words) {
    assertThatThrownBy(() -> SqliteScanStore.open(path, IMPATIENT).close())
        .isInstanceOf(type)
        .hasMessageContaining(path.toString())
        .hasMessageContainingAll(words);
    assertThatThrownBy(() -> SqliteScanStore.openReadOnly(path).close())
        .isInstanceOf(type)
        .hasMessageContainingAll(words);
  }

  private void assertRefusedUntouched(Class<? extends StoreException> type, String... words)
      throws IOException {
    byte[] before = Files.readAllBytes(path);
    assertRefused(type, words);
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
    assertThat(files()).containsExactly("scans.db");
  }
}
