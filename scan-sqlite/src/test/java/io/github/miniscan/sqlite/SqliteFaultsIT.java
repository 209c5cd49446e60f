package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, and one that can only be read. */
class SqliteFaultsIT {

  @TempDir Path directory;

  @Test
  void saysThatTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, 4)) {
      Path path = directory.resolve("scans.db");
      Path filler = Files.write(directory.resolve("filler"), new byte[3 << 20]);
      try (ScanStore store = SqliteScanStore.open(path)) {
        int refused = fillUp(store, path);
        assertThatThrownBy(() -> store.write(WriterProcess.batch(refused)))
            .isInstanceOf(StoreException.class);
        assertThat(letters(store)).as("whole batches").isEqualTo(refused);
        Files.delete(filler);
        for (int number = refused; number < refused + 20; number++) {
          store.write(WriterProcess.batch(number));
        }
        assertThat(letters(store)).isEqualTo(refused + 20);
      }
      try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
        assertThat(letters(store)).isGreaterThan(20);
      }
      assertThat(disk).isNotNull();
    }
  }

  private static int fillUp(ScanStore store, Path path) {
    for (int number = 0; number < 10_000; number++) {
      try {
        store.write(WriterProcess.batch(number));
      } catch (StoreException e) {
        assertThat(e).hasMessage("no room left on the disk of " + path + ": make room there");
        return number;
      }
    }
    return fail("the disk is never full");
  }

  @Test
  void readsAFileThatItMayOnlyRead() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, 4)) {
      Path path = directory.resolve("scans.db");
      try (ScanStore store = SqliteScanStore.open(path)) {
        store.write(WriterProcess.batch(1));
      }
      disk.makeReadOnly();
      try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
        assertThat(records(store)).isPositive();
        assertThat(letters(store)).isEqualTo(1);
      }
      assertThatThrownBy(() -> SqliteScanStore.open(path))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              path + " cannot be written: allow this user to write the file and its directory");
      assertThatThrownBy(() -> SqliteScanStore.open(directory.resolve("new.db")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("cannot be created");
    }
  }

  @Test
  void readsBesideAWriterWhatItMayOnlyRead() throws Exception {
    Path original = directory.resolve("original.db");
    Path mountPoint = Files.createDirectory(directory.resolve("disk"));
    try (SmallDisk disk = SmallDisk.mount(mountPoint, 8)) {
      Path path = mountPoint.resolve("scans.db");
      try (ScanStore store = SqliteScanStore.open(original)) {
        store.write(WriterProcess.batch(1));
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
          Files.copy(
              directory.resolve("original.db" + suffix), mountPoint.resolve("scans.db" + suffix));
        }
      }
      disk.makeReadOnly();
      try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
        assertThat(records(store)).isPositive();
        assertThat(letters(store)).isEqualTo(1);
      }
    }
  }

  @Test
  void saysThatALogWithoutItsIndexNeedsAPlaceToWrite() throws Exception {
    Path original = directory.resolve("original.db");
    Path mountPoint = Files.createDirectory(directory.resolve("disk"));
    try (SmallDisk disk = SmallDisk.mount(mountPoint, 8)) {
      Path path = mountPoint.resolve("scans.db");
      try (ScanStore store = SqliteScanStore.open(original)) {
        store.write(WriterProcess.batch(1));
        Files.copy(original, path);
        Files.copy(directory.resolve("original.db-wal"), mountPoint.resolve("scans.db-wal"));
      }
      disk.makeReadOnly();
      assertThatThrownBy(() -> SqliteScanStore.openReadOnly(path))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              path + " cannot be written: allow this user to write the file and its directory");
    }
  }

  private static long records(ScanStore store) {
    try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      return records.count();
    }
  }

  private static long letters(ScanStore store) {
    try (Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return letters.count();
    }
  }
}
