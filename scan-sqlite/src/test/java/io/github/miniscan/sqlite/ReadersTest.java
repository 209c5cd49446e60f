package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.UnusableStoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {

  @TempDir private Path directory;
  private Path path;
  private DatabaseFile file;
  private Readers readers;

  @BeforeEach
  void makeAFile() {
    path = directory.resolve("scans.db");
    SqliteScanStore.open(path).close();
    file = new DatabaseFile(path);
    readers = new Readers(file, Schema.CURRENT, Duration.ZERO);
  }

  @AfterEach
  void closeAll() {
    readers.close();
  }

  @Test
  void keepsAConnectionForTheNextRead() throws SQLException {
    readers.probe(Duration.ZERO);
    ReadConnection first = readers.read(connection -> connection);

    assertThat(readers.<ReadConnection>read(connection -> connection)).isSameAs(first);
    assertThat(isOpen(first)).isTrue();

    readers.close();

    assertThat(isOpen(first)).isFalse();
    assertThatThrownBy(() -> readers.read(connection -> connection))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessage(file + " is closed: open it again");
  }

  @Test
  void keepsNoMoreThanAFewOfThoseThatReadAtOnce() throws SQLException {
    List<ReadConnection> used = new ArrayList<>();

    readAtOnce(7, used);

    assertThat(used).hasSize(7).doesNotHaveDuplicates();
    int open = 0;
    for (ReadConnection connection : used) {
      open += isOpen(connection) ? 1 : 0;
    }
    assertThat(open).isEqualTo(4);
  }

  private void readAtOnce(int depth, List<ReadConnection> used) {
    if (depth > 0) {
      readers.read(
          connection -> {
            used.add(connection);
            readAtOnce(depth - 1, used);
            return depth;
          });
    }
  }

  @Test
  void trustsNoConnectionThatFailed() throws SQLException {
    Set<ReadConnection> used = new HashSet<>();
    assertThatThrownBy(
            () ->
                readers.read(
                    connection -> {
                      used.add(connection);
                      throw new SQLException("odd");
                    }))
        .isInstanceOf(StoreException.class);
    assertThat(isOpen(used.iterator().next())).isFalse();

    used.add(readers.read(connection -> connection));

    assertThat(used).hasSize(2);
  }

  @Test
  void letsGoOfAllThatThereAreOnceTheyAreRenewed() throws SQLException {
    ReadConnection idle = readers.read(connection -> connection);
    ReadConnection inUse =
        readers.read(
            connection -> {
              readers.read(other -> other);
              readers.renew();
              assertThat(isOpen(connection)).as("in use").isTrue();
              return connection;
            });

    assertThat(isOpen(idle)).isFalse();
    assertThat(isOpen(inUse)).isFalse();
    ReadConnection anew = readers.read(connection -> connection);
    assertThat(readers.<ReadConnection>read(connection -> connection)).isSameAs(anew);
  }

  @Test
  void readsTheFileThatIsThereNow() throws Exception {
    ReadConnection before = readers.read(connection -> connection);
    Path other = directory.resolve("other.db");
    SqliteScanStore.open(other).close();
    Files.deleteIfExists(directory.resolve("scans.db-wal"));
    Files.deleteIfExists(directory.resolve("scans.db-shm"));
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);

    ReadConnection after = readers.read(connection -> connection);

    assertThat(after.identity()).isEqualTo(file.identity().now()).isNotEqualTo(before.identity());
    assertThat(isOpen(before)).isFalse();
    Files.delete(path);
    assertThatThrownBy(() -> readers.read(connection -> connection))
        .hasMessageContaining("no store at");
    assertThatThrownBy(() -> readers.probe(Duration.ZERO)).hasMessageContaining("no store at");
  }

  @Test
  void refusesAFileOfAnotherProgramAtOnce() throws SQLException {
    Path theirs = directory.resolve("theirs.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + theirs);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE theirs (a)");
    }
    Readers foreign = new Readers(new DatabaseFile(theirs), Schema.CURRENT, Duration.ZERO);

    assertThatThrownBy(() -> foreign.probe(Duration.ZERO))
        .hasMessageContaining("of another program");
  }

  @Test
  void noticesThatSomebodyWroteWhatItReadWithoutLocks() throws Exception {
    ReadConnection connection =
        ReadConnection.open(file, Schema.CURRENT, DatabaseFile.Mode.IMMUTABLE, Duration.ZERO);
    assertThat(connection.isImmutable()).isTrue();
    connection.checkUnchanged();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TABLE other (a)");

      assertThatThrownBy(connection::checkUnchanged)
          .isInstanceOf(StoreException.class)
          .hasMessage(file + " was written while it was read without locks: read it again");
    }
    connection.close();
    assertThat(isOpen(connection)).isFalse();
    assertThat(readers.<Boolean>read(ReadConnection::isImmutable)).isFalse();
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void readsWithoutLocksWhereSqliteFindsNoPlaceForItsOwn() throws Exception {
    Files.createSymbolicLink(directory.resolve("scans.db-shm"), directory.resolve("no/such"));
    readers.probe(Duration.ZERO);

    assertThat(readers.<Boolean>read(ReadConnection::isImmutable)).isTrue();
    assertThatThrownBy(() -> readers.read(connection -> path.toFile().setLastModified(1)))
        .hasMessageContaining("was written while it was read without locks");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void doesNotReadWithoutLocksWhatIsInTheLog() throws Exception {
    Path log = directory.resolve("scans.db-wal");
    byte[] committed;
    try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = writer.createStatement()) {
      statement.execute("CREATE TABLE other (a)");
      committed = Files.readAllBytes(log);
    }
    Files.write(log, committed);
    Files.createSymbolicLink(directory.resolve("scans.db-shm"), directory.resolve("no/such"));

    assertThatThrownBy(() -> readers.read(ReadConnection::isImmutable))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot be written: allow this user");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void letsGoOfAFileThatIsRefusedOrClosed() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty.db"));
    Readers none = new Readers(new DatabaseFile(empty), Schema.CURRENT, Duration.ZERO);
    Path damaged = Files.writeString(directory.resolve("damaged.db"), "no database".repeat(900));

    assertThatThrownBy(() -> none.probe(Duration.ZERO)).hasMessageContaining("no store at");
    assertThatThrownBy(() -> Checkpointer.open(new DatabaseFile(damaged)))
        .isInstanceOf(SQLException.class);

    Path made = directory.resolve("made.db");
    SqliteScanStore.open(made).close();

    assertThat(openFiles())
        .doesNotContain(empty.toRealPath(), damaged.toRealPath(), made.toRealPath());
  }

  private static List<Path> openFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> handles = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path handle : handles) {
        try {
          files.add(Files.readSymbolicLink(handle));
        } catch (NoSuchFileException e) {
          // The handle of this very listing, or one that was closed meanwhile.
        }
      }
    }
    return files;
  }

  @Test
  void saysThatAnEmptyFileIsNoStoreYet() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty.db"));
    Readers none = new Readers(new DatabaseFile(empty), Schema.CURRENT, Duration.ZERO);

    assertThatThrownBy(() -> none.probe(Duration.ZERO))
        .hasMessageEndingWith("empty.db: the file is empty until something writes");
  }

  private static boolean isOpen(ReadConnection connection) {
    try {
      connection.prepared("SELECT 1").executeQuery().close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
