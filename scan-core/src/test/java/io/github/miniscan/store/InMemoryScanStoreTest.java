package io.github.miniscan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is quick to see here; the whole contract is proved where its tests are. */
class InMemoryScanStoreTest {

  private static final Message MESSAGE = new Message("1", new byte[] {1}, Map.of(), Instant.EPOCH);

  private static final Message OTHER = new Message("2", new byte[] {2}, Map.of(), Instant.EPOCH);

  private final InMemoryScanStore store = new InMemoryScanStore();

  @Test
  void tellsWhatChangedARecordFromWhatChangedNothing() {
    assertThat(write(scan(2, "b"), scan(2, "a"), scan(1, "z"), scan(3, "c")))
        .as("a is the lesser of a tie, and z an earlier sighting")
        .isEqualTo(WriteResult.of(3, 1));
    assertThat(write(scan(3, "c"), scan(2, "y"))).isEqualTo(WriteResult.of(0, 2));
    assertThat(store.find(ScanQuery.all()))
        .containsExactly(new ScanRecord(scan(1, "").key(), 1, 3, Response.ofText("c")));
  }

  @Test
  void findsADeadLetterUntilItIsRemoved() {
    DeadLetter letter = DeadLetter.of(MESSAGE, Reason.INVALID_DATA, "bad", Instant.EPOCH);
    DeadLetter other = DeadLetter.of(OTHER, Reason.INVALID_DATA, "bad", Instant.EPOCH);
    store.write(Batch.of(List.of(), List.of(letter, other)));
    assertThat(store.findDeadLetter(letter.id())).contains(letter);
    assertThat(
            store.removeDeadLetters(DeadLetterQuery.all().withIds(Set.of(letter.id(), "another"))))
        .isEqualTo(1);
    assertThat(store.removeDeadLetters(DeadLetterQuery.all().withIds(List.of(letter.id()))))
        .isZero();
    assertThat(store.findDeadLetter(letter.id())).isEmpty();
  }

  @Test
  void cannotBeUsedAfterItWasClosed() {
    write(scan(2, "b"));
    store.close();
    store.close();
    assertThatThrownBy(() -> store.find(ScanQuery.all()))
        .isInstanceOf(UnusableStoreException.class)
        .hasMessage("the store in memory is closed: open another one");
    assertThatThrownBy(() -> write(scan(3, "c"))).isInstanceOf(UnusableStoreException.class);
  }

  private WriteResult write(ScanRecord... scans) {
    return store.write(
        Batch.of(
            List.of(scans).stream().map(scan -> new Decoded<>(MESSAGE, scan)).toList(), List.of()));
  }

  private static ScanRecord scan(long time, String response) {
    ScanKey key = new ScanKey(IpAddress.parse("1.1.1.1"), 80, "HTTP");
    return ScanRecord.ofScan(key, time, Response.ofText(response));
  }
}
