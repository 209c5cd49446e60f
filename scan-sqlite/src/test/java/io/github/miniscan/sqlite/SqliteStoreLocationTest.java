package io.github.miniscan.sqlite;

import static io.github.miniscan.sqlite.Scans.all;
import static io.github.miniscan.sqlite.Scans.scan;
import static io.github.miniscan.sqlite.Scans.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.StoreLocation;
import io.github.miniscan.store.UnusableStoreException;
import io.github.miniscan.testkit.StoreLocationContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreLocationTest implements StoreLocationContract {

  private static final Duration BRIEFLY = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private Path path;
  private StoreLocation location;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("scans.db");
    location = SqliteStoreLocation.of(path);
  }

  @Override
  public StoreLocation location() {
    return location;
  }

  @Test
  void isShownAsItsPath() {
    assertThat(location).hasToString(path.toString());
  }

  @Test
  void createsAStoreOnlyWhenItIsAskedTo() {
    for (Opening opening : List.<Opening>of(location::openExisting, location::openReadOnly)) {
      assertThatThrownBy(() -> opening.open(BRIEFLY))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "no store at "
                  + path
                  + ": name an existing file, or create it by opening it for writing");
    }
    assertThat(directory).isEmptyDirectory();

    location.openOrCreate(BRIEFLY).close();

    assertThat(path).exists();
  }

  @Test
  void anEmptyFileIsNoStoreYet() throws Exception {
    Files.createFile(path);

    for (Opening opening : List.<Opening>of(location::openExisting, location::openReadOnly)) {
      assertThatThrownBy(() -> opening.open(BRIEFLY))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("no store at " + path + ": the file is empty");
    }
    assertThat(path).isEmptyFile();

    location.openOrCreate(BRIEFLY).close();

    assertThat(path).isNotEmptyFile();
  }

  @Test
  @Timeout(20)
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aPipeIsRefusedWithoutWaitingForIt() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();

    for (Opening opening :
        List.<Opening>of(location::openOrCreate, location::openExisting, location::openReadOnly)) {
      assertThatThrownBy(() -> opening.open(BRIEFLY))
          .isInstanceOf(StoreException.class)
          .hasMessage(path + " is a pipe or a device: name a file");
    }
  }

  @Test
  void anExistingStoreIsWritten() {
    location.openOrCreate(BRIEFLY).close();

    try (ScanStore store = location.openExisting(LONG)) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
    }

    try (ScanStore store = location.openReadOnly(LONG)) {
      assertThat(all(store)).containsExactly(scan("1.1.1.1", 80, 1, "x"));
      assertThatThrownBy(() -> write(store, scan("1.1.1.1", 80, 1, "x")))
          .isInstanceOf(UnusableStoreException.class);
    }
  }

  @Test
  void anExistingStoreThatIsRemovedIsNotMadeAgain() throws Exception {
    location.openOrCreate(BRIEFLY).close();

    try (ScanStore store = location.openExisting(LONG)) {
      write(store, scan("1.1.1.1", 80, 1, "x"));
      Files.delete(path);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> write(store, scan("1.1.1.2", 80, 1, "x")))
            .isInstanceOf(StoreException.class);
      }
    }

    assertThat(path).doesNotExist();
  }

  @Test
  void waitsForALockedStoreAsLongAsItIsTold() throws Exception {
    location.openOrCreate(BRIEFLY).close();
    new Sql(path).execute("PRAGMA journal_mode = DELETE");
    ExecutorService threads = Executors.newCachedThreadPool();
    try (Connection other = new Sql(path).connect();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      List<Opening> openings =
          List.of(location::openOrCreate, location::openExisting, location::openReadOnly);
      for (Opening opening : openings) {
        assertThatThrownBy(() -> opening.open(BRIEFLY))
            .isInstanceOf(StoreException.class)
            .hasMessage(path + " is locked by another program: wait for it, or end it");
      }
      List<Future<ScanStore>> opened =
          openings.stream().map(opening -> threads.submit(() -> opening.open(LONG))).toList();

      assertThat(opened).noneMatch(Future::isDone);
      statement.execute("COMMIT");

      for (Future<ScanStore> store : opened) {
        store.get().close();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private interface Opening {
    ScanStore open(Duration longestWait);
  }
}
