package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIdentityTest {

  @TempDir private Path directory;
  private Path path;
  private DatabaseFile database;

  @BeforeEach
  void makeAFile() throws IOException {
    path = Files.createFile(directory.toRealPath().resolve("scans.db"));
    database = new DatabaseFile(path);
  }

  @Test
  void knowsAFileFromTheOneThatReplacedIt() throws IOException {
    FileIdentity file = database.identity();
    Object before = file.now();
    file.checkIs(before);
    Files.write(path.resolveSibling("other"), new byte[] {1});
    Files.delete(path);
    assertThat(file.now()).isNull();
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
    FileIdentity file = database.identity();
    Path wal = Files.createFile(path.resolveSibling("scans.db-wal"));
    Path shm = Files.createFile(path.resolveSibling("scans.db-shm"));
    List<@Nullable Object> opened = file.withParts();
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
    FileIdentity file = database.identity();
    Path wal = Files.createFile(path.resolveSibling("scans.db-wal"));
    List<@Nullable Object> opened = file.withParts();
    Path before = Files.move(path, path.resolveSibling("before"));
    Files.createFile(path);
    assertThatThrownBy(() -> file.checkInPlace(opened)).isInstanceOf(StoreException.class);

    assertThatThrownBy(() -> database.connect(DatabaseFile.Mode.WRITE, Duration.ZERO))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("scans.db-wal still belongs to the file before");

    assertThat(before).exists();
    Files.delete(wal);
    database.connect(DatabaseFile.Mode.WRITE, Duration.ZERO).close();
  }

  @Test
  void knowsHowMuchWasWritten() throws IOException {
    FileIdentity file = database.identity();
    assertThat(file.walSize()).isZero();
    FileIdentity.State before = file.state();
    Files.write(path.resolveSibling("scans.db-wal"), new byte[7]);
    assertThat(file.walSize()).isEqualTo(7);
    assertThat(file.state()).isNotEqualTo(before).isEqualTo(file.state());
  }
}
