package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.store.StoreException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a user is told, for failures that only a broken disk makes. */
class DatabaseFileTest {

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void makeAFile() throws IOException {
    path = Files.createFile(directory.toRealPath().resolve("scans.db"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SQLITE_BUSY            | is locked by another program: wait for it, or end it",
        "SQLITE_BUSY_SNAPSHOT   | is locked by another program: wait for it, or end it",
        "SQLITE_LOCKED          | is locked by another program: wait for it, or end it",
        "SQLITE_NOTADB          | is not a SQLite file: it was left alone; name another file",
        "SQLITE_READONLY        | can not be written: allow this user to write the file and its"
            + " directory",
        "SQLITE_CANTOPEN        | can not be written: allow this user to write the file and its"
            + " directory",
        "SQLITE_IOERR           | can not be read or written (it says): look at its" + " disk",
        "SQLITE_MISMATCH        | can not be used: it says",
      })
  void saysInASentenceWhatIsWrongAndWhatToDo(SQLiteErrorCode code, String sentence) {
    assertThat(said(path, failure(code))).isEqualTo(path + " " + sentence);
  }

  @Test
  void saysWhereRoomIsMissingAndHowToSaveWhatIsDamaged() {
    assertThat(said(path, failure(SQLiteErrorCode.SQLITE_FULL)))
        .isEqualTo("no room left on the disk of " + path + ": make room there");
    assertThat(said(path, failure(SQLiteErrorCode.SQLITE_CORRUPT)))
        .startsWith(path + " is damaged: ")
        .contains(".recover");
    assertThat(said(path, new SQLException("odd \u001b[31m")))
        .isEqualTo(path + " can not be used: odd \\u001b[31m");
  }

  @Test
  void saysWhatIsInTheWayOfAFileThatCanNotBeOpened() {
    SQLException noAccess = failure(SQLiteErrorCode.SQLITE_CANTOPEN);
    Path parent = path.getParent();
    assertThat(said(parent, noAccess)).isEqualTo(parent + " is a directory: name a file in it");
    assertThat(said(parent.resolve("no/scans.db"), noAccess))
        .isEqualTo(
            "no directory for the store "
                + parent.resolve("no/scans.db")
                + ": create "
                + parent.resolve("no"));
    assertThat(said(parent.resolve("new.db"), noAccess))
        .isEqualTo(
            parent.resolve("new.db")
                + " can not be created: allow this user to write its directory");
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE_BUSY, true, false, false",
    "SQLITE_LOCKED, true, false, false",
    "SQLITE_CONSTRAINT, false, true, false",
    "SQLITE_CONSTRAINT_CHECK, false, true, false",
    "SQLITE_TOOBIG, false, true, false",
    "SQLITE_CANTOPEN, false, false, true",
    "SQLITE_READONLY, false, false, true",
    "SQLITE_FULL, false, false, false",
    "SQLITE_IOERR, false, false, false",
  })
  void tellsALockARefusalAndAMissingPermissionApart(
      SQLiteErrorCode code, boolean locked, boolean refusal, boolean notPermitted) {
    SQLException failure = failure(code);
    assertThat(DatabaseFile.isLocked(failure)).isEqualTo(locked);
    assertThat(DatabaseFile.isRefusal(failure)).isEqualTo(refusal);
    assertThat(DatabaseFile.isNotPermitted(failure)).isEqualTo(notPermitted);
  }

  @Test
  void knowsAFileFromTheOneThatReplacedIt() throws IOException {
    DatabaseFile file = new DatabaseFile(path);
    Object before = file.identity();
    file.checkIs(before);
    Files.write(path.resolveSibling("other"), new byte[] {1});
    Files.delete(path);
    assertThat(file.identity()).isNull();
    assertThat(file.exists()).isFalse();
    assertThatThrownBy(() -> file.checkIs(before))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("was removed or replaced while it was open");
    assertThatThrownBy(file::state)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no store at " + path);
  }

  @Test
  void removesTheLogOfAFileThatWasRemovedAndNoOther() throws IOException {
    DatabaseFile file = new DatabaseFile(path);
    Path wal = Files.createFile(path.resolveSibling("scans.db-wal"));
    Path shm = Files.createFile(path.resolveSibling("scans.db-shm"));
    List<@Nullable Object> opened = file.identities();
    file.checkInPlace(opened);
    Files.delete(path);
    Path kept = Files.move(shm, path.resolveSibling("kept"));
    Files.createFile(shm);

    assertThatThrownBy(() -> file.checkInPlace(opened))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("was removed or replaced while it was open");

    assertThat(wal).doesNotExist();
    assertThat(shm).as("of somebody else").exists();
    assertThat(kept).exists();
  }

  @Test
  void doesNotConnectToAFileBesideTheLogOfTheOneBefore() throws Exception {
    DatabaseFile file = new DatabaseFile(path);
    Path wal = Files.createFile(path.resolveSibling("scans.db-wal"));
    List<@Nullable Object> opened = file.identities();
    Path before = Files.move(path, path.resolveSibling("before"));
    Files.createFile(path);
    assertThatThrownBy(() -> file.checkInPlace(opened)).isInstanceOf(StoreException.class);

    assertThatThrownBy(() -> file.connect(DatabaseFile.Mode.WRITE, Duration.ZERO))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("scans.db-wal still belongs to the file before");

    assertThat(before).exists();
    Files.delete(wal);
    file.connect(DatabaseFile.Mode.WRITE, Duration.ZERO).close();
  }

  @Test
  void doesNotTakeAFileThatIsJustBeingMadeForAnotherPrograms() throws Exception {
    DatabaseFile file = new DatabaseFile(path);
    try (Connection connection = file.connect(DatabaseFile.Mode.WRITE, Duration.ZERO);
        Statement statement = connection.createStatement()) {
      List<String> asked = new ArrayList<>();
      Schema.Mark mark = file.check(makingItBeforeTheSecond(statement, asked), Schema.CURRENT);

      assertThat(asked).hasSize(1);
      assertThat(mark).isEqualTo(new Schema.Mark(0, 0, true));
      SqliteScanStore.open(path).close();
      assertThat(file.check(statement, Schema.CURRENT).isOurs()).isTrue();
    }
  }

  /** Somebody makes the store between the first thing that is asked and the next. */
  private Statement makingItBeforeTheSecond(Statement statement, List<String> asked) {
    return (Statement)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Statement.class},
            (proxy, method, arguments) -> {
              asked.add(method.getName());
              if (asked.size() == 2) {
                SqliteScanStore.open(path).close();
              }
              return method.invoke(statement, arguments);
            });
  }

  @Test
  void leavesWhatIsUnlikeADatabaseToSqliteOnlyWhereThereIsALog() throws Exception {
    DatabaseFile file = new DatabaseFile(path);
    Files.writeString(path, "torn by the power".repeat(600));
    for (String log : List.of("-wal", "-journal")) {
      Path beside = Path.of(path + log);
      assertThatThrownBy(() -> file.probe(Schema.CURRENT)).isInstanceOf(SQLException.class);
      Files.createFile(beside);
      assertThatThrownBy(() -> file.probe(Schema.CURRENT)).isInstanceOf(SQLException.class);
      Files.writeString(beside, "what mends it");
      file.probe(Schema.CURRENT);
      Files.delete(beside);
    }
  }

  @Test
  void saysThatAFileCanNotHaveALog() {
    assertThat(new DatabaseFile(path).noWal("delete"))
        .hasMessage(
            path
                + " can not use a write-ahead log (its journal mode stays delete): move it to a"
                + " local disk");
  }

  @Test
  void refusesAFileWithTablesAndNoMark() throws Exception {
    DatabaseFile file = new DatabaseFile(path);
    try (Connection connection = file.connect(DatabaseFile.Mode.WRITE, Duration.ZERO);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE theirs (a)");
      assertThatThrownBy(() -> file.check(statement, Schema.CURRENT))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith(path + " is a SQLite file of another program");
    }
  }

  @Test
  void knowsHowMuchWasWritten() throws IOException {
    DatabaseFile file = new DatabaseFile(path);
    assertThat(file.walSize()).isZero();
    DatabaseFile.State before = file.state();
    Files.write(path.resolveSibling("scans.db-wal"), new byte[7]);
    assertThat(file.walSize()).isEqualTo(7);
    assertThat(file.state()).isNotEqualTo(before).isEqualTo(file.state());
  }

  private static String said(Path path, SQLException failure) {
    return String.valueOf(new DatabaseFile(path).sentence(failure).getMessage());
  }

  private static SQLException failure(SQLiteErrorCode code) {
    return new SQLiteException("it says", code);
  }
}
