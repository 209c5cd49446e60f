package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.store.UnusableStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The sentences for failures that only a broken disk or a broken build makes. */
class SentencesTest {

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
        "SQLITE_READONLY        | cannot be written: allow this user to write the file and its"
            + " directory",
        "SQLITE_CANTOPEN        | cannot be written: allow this user to write the file and its"
            + " directory",
        "SQLITE_IOERR           | cannot be read or written (it says): look at its" + " disk",
        "SQLITE_MISMATCH        | cannot be used: it says",
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
        .isEqualTo(path + " cannot be used: odd \\u001b[31m");
  }

  @Test
  void saysWhatIsInTheWayOfAFileThatCannotBeOpened() {
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
                + " cannot be created: allow this user to write its directory");
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
    assertThat(Failures.isLocked(failure)).isEqualTo(locked);
    assertThat(Failures.isRefusal(failure)).isEqualTo(refusal);
    assertThat(Failures.isNotPermitted(failure)).isEqualTo(notPermitted);
  }

  @Test
  void saysThatAFileCannotHaveALog() {
    assertThat(new DatabaseFile(path).sentences().noWal("delete"))
        .hasMessage(
            path
                + " cannot use a write-ahead log (its journal mode stays delete): move it to a"
                + " local disk");
  }

  @Test
  void namesThePropertyOfABuildThatManagesTheDriver() {
    DatabaseFile.checkSqliteVersion("3.51.3");
    DatabaseFile.checkSqliteVersion("3.54.1");
    assertThatThrownBy(() -> DatabaseFile.checkSqliteVersion("3.49.1"))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessage(
            "SQLite 3.49.1 can lose committed writes: use sqlite-jdbc 3.51.3 or later (where Spring"
                + " Boot manages its version, by the Maven property sqlite-jdbc.version)");
  }

  private static String said(Path path, SQLException failure) {
    return String.valueOf(new DatabaseFile(path).sentences().of(failure).getMessage());
  }

  private static SQLException failure(SQLiteErrorCode code) {
    return new SQLiteException("it says", code);
  }
}
