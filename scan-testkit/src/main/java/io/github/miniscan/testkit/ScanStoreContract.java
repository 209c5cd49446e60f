package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.Scans.all;
import static io.github.miniscan.testkit.Scans.key;
import static io.github.miniscan.testkit.Scans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.UnusableStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The promises of every {@link ScanStore}, as tests: those of its roles, and those of closing it.
 *
 * <p>A store's test class implements this interface, which asks how the store is opened. Where the
 * store does more, the class implements also {@link ReopeningContract}, {@link ReadOnlyContract} or
 * {@link RefusingContract}.
 *
 * <pre>{@code
 * class AcmeStoreTest implements ScanStoreContract, ReopeningContract {
 *   @TempDir Path directory;
 *
 *   @Override
 *   public ScanStore open() {
 *     return AcmeStore.open(directory);
 *   }
 * }
 * }</pre>
 */
public interface ScanStoreContract
    extends BatchWriterContract, UpsertContract, ScanReaderContract, DeadLettersContract {

  @Test
  default void closesTwice() {
    ScanStore store = open();
    store.close();
    store.close();
  }

  @Test
  default void throwsUnusableStoreExceptionWhenUsedAfterItWasClosed() {
    ScanStore store = open();
    Scans.write(store, Scans.withTies(new Random(1)));
    Letters.write(store, Letters.letter("1", 1));
    store.close();
    for (Runnable use :
        List.<Runnable>of(
            () -> Scans.write(store, scan(key("1.1.1.1", 80, "HTTP"), 1, "x")),
            () -> Letters.write(store, Letters.letter("2", 2)),
            () -> all(store),
            () -> Letters.all(store),
            () -> store.findDeadLetter("0".repeat(32)),
            () -> store.updateReason("0".repeat(32), Reason.INVALID_IP, ""),
            () -> store.removeDeadLetters(DeadLetterQuery.all()))) {
      assertThatThrownBy(use::run).isInstanceOf(UnusableStoreException.class);
    }
  }

  /** A reader must not take the end of a stream for the end of the records. */
  @Test
  default void aStreamDoesNotEndEarlyWhenItsStoreIsClosed() {
    List<ScanRecord> scans = Scans.ofNetwork(1, 20_000, 1);
    List<ScanRecord> read = new ArrayList<>();
    ScanStore store = open();
    Scans.write(store, scans);
    try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      var rows = records.iterator();
      read.add(rows.next());
      store.close();
      rows.forEachRemaining(read::add);
    } catch (StoreException closed) {
      assertThat(closed).isInstanceOf(UnusableStoreException.class);
      return;
    }
    assertThat(read).hasSameSizeAs(scans);
  }
}
