package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.Letters.assertSame;
import static io.github.miniscan.testkit.Letters.letter;
import static io.github.miniscan.testkit.Scans.all;
import static io.github.miniscan.testkit.Scans.key;
import static io.github.miniscan.testkit.Scans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.UnusableStoreException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The promises of a store that can be opened for reading only, as tests: it reads what writers
 * write, and changes nothing.
 */
public interface ReadOnlyContract extends StoreCapabilities {

  /** Opens the store for reading only; it exists already. The test closes it. */
  ScanStore openReadOnly();

  @Test
  default void readsWhatIsThereWhenOpenedReadOnly() {
    List<ScanRecord> scans = Scans.ofNetwork(1, 3, 5);
    DeadLetter letter = letter("1", 1);
    try (ScanStore store = open()) {
      Scans.write(store, scans);
      Letters.write(store, letter);
    }
    try (ScanStore reader = openReadOnly()) {
      assertThat(all(reader)).isEqualTo(scans);
      assertThat(Scans.find(reader, ScanQuery.newest(ScanFilter.all(), 1))).hasSize(1);
      assertSame(Letters.all(reader), List.of(letter));
      assertThat(reader.findDeadLetter(letter.id())).isPresent();
    }
  }

  @Test
  default void readsWhatIsWrittenWhileItIsOpenReadOnly() {
    ScanRecord scan = scan(key("1.1.1.1", 80, "HTTP"), 1, "x");
    try (ScanStore store = open();
        ScanStore reader = openReadOnly()) {
      assertThat(all(reader)).isEmpty();
      Scans.write(store, scan);
      assertThat(all(reader)).containsExactly(scan);
    }
  }

  @Test
  default void throwsUnusableStoreExceptionForEveryChangeWhenOpenedReadOnly() {
    ScanRecord scan = scan(key("1.1.1.1", 80, "HTTP"), 1, "x");
    ScanRecord another = scan(key("1.1.1.2", 80, "HTTP"), 1, "x");
    DeadLetter letter = letter("1", 1);
    try (ScanStore store = open()) {
      Scans.write(store, scan);
      Letters.write(store, letter);
      try (ScanStore reader = openReadOnly()) {
        for (Runnable change :
            List.<Runnable>of(
                () -> Scans.write(reader, another),
                () -> Letters.write(reader, letter("2", 2)),
                () -> reader.updateReason(letter.id(), Reason.INVALID_IP, "changed"),
                () -> reader.removeDeadLetters(DeadLetterQuery.all()))) {
          assertThatThrownBy(change::run).isInstanceOf(UnusableStoreException.class);
        }
        assertThat(all(reader)).as("it can still be read").containsExactly(scan);
      }
      assertThat(all(store)).containsExactly(scan);
      assertSame(Letters.all(store), List.of(letter));
    }
  }
}
