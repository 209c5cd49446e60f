package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.Scans.all;
import static io.github.miniscan.testkit.Scans.assertHolds;
import static io.github.miniscan.testkit.Scans.merged;
import static io.github.miniscan.testkit.Scans.write;
import static io.github.miniscan.testkit.Threads.inParallel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.StoreLocation;
import io.github.miniscan.store.UnusableStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The promises of {@link StoreLocation}, as tests: only one of its openings creates a store. */
public interface StoreLocationContract {

  /**
   * Returns a location. There is no store at the start of each test, and every call within a test
   * returns the same place.
   */
  StoreLocation location();

  /** Returns how long a test waits for a store that is locked or cannot be reached. */
  default Duration longestWait() {
    return Duration.ofSeconds(30);
  }

  @Test
  default void opensNoStoreThatDoesNotExist() {
    StoreLocation location = location();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> location.openExisting(longestWait()))
          .isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> location.openReadOnly(longestWait()))
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  default void createsAStoreWhichEveryOpeningFinds() {
    List<ScanRecord> scans = Scans.ofNetwork(1, 3, 5);
    try (ScanStore created = location().openOrCreate(longestWait())) {
      write(created, scans.get(0));
    }
    try (ScanStore existing = location().openExisting(longestWait())) {
      write(existing, scans.get(1));
    }
    try (ScanStore again = location().openOrCreate(longestWait())) {
      write(again, scans.get(2));
    }
    try (ScanStore reader = location().openReadOnly(longestWait())) {
      assertThat(all(reader)).isEqualTo(scans);
      assertThatThrownBy(() -> write(reader, scans)).isInstanceOf(UnusableStoreException.class);
    }
  }

  @Test
  default void createsOneStoreWhenManyOpenItAtOnce() throws Exception {
    List<ScanRecord> written = new ArrayList<>();
    Threads.Task[] tasks = new Threads.Task[4];
    for (int i = 0; i < tasks.length; i++) {
      List<ScanRecord> scans = Scans.ofNetwork(i, 10, 5);
      written.addAll(scans);
      tasks[i] =
          () -> {
            try (ScanStore store = location().openOrCreate(longestWait())) {
              write(store, scans);
            }
          };
    }
    inParallel(tasks);
    try (ScanStore store = location().openExisting(longestWait())) {
      assertHolds(store, merged(written));
    }
  }

  @Test
  default void namesItselfForItsUsers() {
    assertThat(location().toString()).isNotBlank().isEqualTo(location().toString());
  }
}
