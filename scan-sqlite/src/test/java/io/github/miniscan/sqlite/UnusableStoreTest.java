package io.github.miniscan.sqlite;

import static io.github.miniscan.sqlite.Scans.all;
import static io.github.miniscan.sqlite.Scans.scan;
import static io.github.miniscan.sqlite.Scans.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.UnusableStoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that can never succeed: an engine ends instead of trying them again without end. */
class UnusableStoreTest {

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("scans.db");
  }

  @Test
  void aClosedStoreIsUnusable() {
    ScanStore store = SqliteScanStore.open(path);
    write(store, scan("1.1.1.1", 80, 1, "x"));
    Stream<ScanRecord> begun = store.find(ScanQuery.all());
    store.close();
    store.close();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> write(store, scan("1.1.1.1", 80, 1, "x")),
            () -> write(store),
            () -> store.find(ScanQuery.all()),
            () -> store.findDeadLetters(DeadLetterQuery.all()),
            () -> store.removeDeadLetters(DeadLetterQuery.all()),
            () -> store.updateReason("x", Reason.INVALID_IP, ""),
            () -> store.removeDeadLetters(DeadLetterQuery.all().withIds(List.of("x"))),
            () -> all(store),
            begun::toList,
            () -> store.findDeadLetters(DeadLetterQuery.all()).toList(),
            () -> store.findDeadLetter("x"))) {
      assertThatThrownBy(call)
          .isInstanceOf(UnusableStoreException.class)
          .hasMessage(path + " is closed: open it again");
    }
  }

  @Test
  void aStoreThatIsOpenForReadingCannotBeWritten() {
    SqliteScanStore.open(path).close();
    try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> write(store, scan("1.1.1.2", 80, 1, "x")),
              () -> write(store),
              () -> store.removeDeadLetters(DeadLetterQuery.all()),
              () -> store.removeDeadLetters(DeadLetterQuery.all().withIds(List.of("x"))),
              () -> store.updateReason("x", Reason.INVALID_IP, ""))) {
        assertThatThrownBy(call)
            .isInstanceOf(UnusableStoreException.class)
            .hasMessage(path + " was opened for reading only: open it for writing");
      }
      assertThat(all(store)).isEmpty();
    }
  }
}
