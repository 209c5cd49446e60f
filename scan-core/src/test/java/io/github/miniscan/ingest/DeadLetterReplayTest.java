package io.github.miniscan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.assertArg;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.DeadLetters;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

class DeadLetterReplayTest {

  private static final Instant PUBLISHED = Instant.ofEpochSecond(1_700_000_000);

  private final InMemoryScanStore store = new InMemoryScanStore();
  private final BatchWriter<ScanRecord> writer = mock(delegatesTo(store));

  /** A service by the payload's name; what begins with "bad" is rejected, "bug" breaks it. */
  private final Decoder<ScanRecord> decoder =
      message -> {
        assertThat(message.publishTime()).contains(PUBLISHED);
        String service = new String(message.payload(), UTF_8);
        if (service.startsWith("bad")) {
          throw new RejectedException(Reason.INVALID_DATA, "still " + service);
        }
        if (service.equals("bug")) {
          throw new IllegalStateException("a bug");
        }
        ScanKey key = new ScanKey(IpAddress.parse("1.1.1.1"), 80, service);
        return ScanRecord.ofScan(key, 5, Response.ofText(service));
      };

  @Test
  void storesWhatHasBecomeARecordAndKeepsTheRestWithItsPresentReason() {
    keep("good", "bad", "bug", "better");
    DeadLetterReplay.Result result = replay(store);
    assertThat(result).isEqualTo(new DeadLetterReplay.Result(2, 2));
    assertThat(services()).containsExactly("better", "good");
    assertThat(reasons())
        .containsExactlyInAnyOrder(
            "bad: INVALID_DATA still bad",
            "bug: INTERNAL_ERROR decoding failed: java.lang.IllegalStateException: a bug");
  }

  @Test
  void refusesMissingParts() {
    assertThatThrownBy(() -> new DeadLetterReplay<>(null, store, store))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new DeadLetterReplay<>(decoder, null, store))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new DeadLetterReplay<>(decoder, store, null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void changesNothingTheSecondTime() {
    keep("good", "bad");
    replay(store);
    assertThat(replay(store)).isEqualTo(new DeadLetterReplay.Result(0, 1));
    assertThat(services()).containsExactly("good");
  }

  @Test
  void removesADeadLetterOnlyInTheCallThatStoresItsRecord() {
    keep("good", "bad");
    replay(writer);
    verify(writer)
        .write(
            assertArg(
                batch -> {
                  assertThat(batch.records()).hasSize(1);
                  assertThat(batch.deadLetters()).isEmpty();
                  assertThat(batch.replayed())
                      .containsExactly(DeadLetter.idOf(batch.records().get(0).message()));
                }));
  }

  @Test
  void writesAReasonOnlyWhereItIsAnother() {
    keep("bad one", "bad two");
    replay(store);
    DeadLetters watched = mock(DeadLetters.class, delegatesTo(store));
    try (var letters = store.findDeadLetters(DeadLetterQuery.all())) {
      new DeadLetterReplay<>(decoder, store, watched).run(letters);
    }
    verify(watched, never()).updateReason(any(), any(), any());

    String changed = store.findDeadLetters(DeadLetterQuery.all()).findFirst().orElseThrow().id();
    store.updateReason(changed, Reason.INVALID_DATA, "was bad in another way");
    try (var letters = store.findDeadLetters(DeadLetterQuery.all())) {
      new DeadLetterReplay<>(decoder, store, watched).run(letters);
    }
    verify(watched).updateReason(changed, Reason.INVALID_DATA, "still bad one");
    verify(watched, times(1)).updateReason(any(), any(), any());
    assertThat(reasons())
        .containsExactlyInAnyOrder(
            "bad one: INVALID_DATA still bad one", "bad two: INVALID_DATA still bad two");
  }

  @Test
  void losesNothingWhenTheStoreFails() {
    keep("good", "better");
    assertThatThrownBy(
            () ->
                replay(
                    batch -> {
                      throw new StoreException("down");
                    }))
        .isInstanceOf(StoreException.class);
    assertThat(store.findDeadLetters(DeadLetterQuery.all())).hasSize(2);
  }

  @Test
  void keepsWhatTheStoreRefusesAndStoresItsNeighbours() {
    keep("a", "b", "refused", "c", "d");
    DeadLetterReplay.Result result =
        replay(
            batch -> {
              if (batch.records().stream()
                  .anyMatch(d -> d.record().key().service().equals("refused"))) {
                throw new RecordRefusedException("too large", new IllegalStateException());
              }
              return store.write(batch);
            });
    assertThat(result).isEqualTo(new DeadLetterReplay.Result(4, 1));
    assertThat(services()).containsExactly("a", "b", "c", "d");
    assertThat(reasons()).containsExactly("refused: STORE_REJECTED too large");
  }

  @Test
  void writesALargeReplayInBoundedBatches() {
    String[] payloads = new String[2_500];
    for (int i = 0; i < payloads.length; i++) {
      payloads[i] = "service " + i;
    }
    keep(payloads);
    DeadLetterReplay.Result result = replay(writer);
    assertThat(result).isEqualTo(new DeadLetterReplay.Result(2_500, 0));
    assertThat(sizesOfBatches()).containsExactly(1_000, 1_000, 500);
    assertThat(store.findDeadLetters(DeadLetterQuery.all())).isEmpty();
  }

  @Test
  void writesLargeMessagesInBatchesOfBoundedBytes() {
    List<DeadLetter> letters = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Message message = new Message("" + i, new byte[1 << 20], Map.of(), PUBLISHED);
      letters.add(DeadLetter.of(message, Reason.FUTURE_TIMESTAMP, "was early", PUBLISHED));
    }
    ScanKey key = new ScanKey(IpAddress.parse("1.1.1.1"), 80, "large");
    ScanRecord record = ScanRecord.ofScan(key, 5, Response.ofText(""));
    new DeadLetterReplay<ScanRecord>(message -> record, writer, store).run(letters.stream());
    assertThat(sizesOfBatches()).containsExactly(16, 16, 8);
  }

  @Test
  void doesNothingWithoutDeadLetters() {
    assertThat(
            replay(
                batch -> {
                  throw new AssertionError("nothing to write");
                }))
        .isEqualTo(new DeadLetterReplay.Result(0, 0));
  }

  private List<Integer> sizesOfBatches() {
    ArgumentCaptor<Batch<ScanRecord>> batches = ArgumentCaptor.captor();
    verify(writer, atLeastOnce()).write(batches.capture());
    return batches.getAllValues().stream().map(batch -> batch.records().size()).toList();
  }

  private DeadLetterReplay.Result replay(BatchWriter<ScanRecord> writer) {
    try (var letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return new DeadLetterReplay<>(decoder, writer, store).run(letters);
    }
  }

  private void keep(String... payloads) {
    List<DeadLetter> letters = new ArrayList<>();
    for (String payload : payloads) {
      Message message =
          new Message(
              Integer.toString(letters.size()), payload.getBytes(UTF_8), Map.of(), PUBLISHED);
      letters.add(DeadLetter.of(message, Reason.FUTURE_TIMESTAMP, "was early", PUBLISHED));
    }
    store.write(Batch.of(List.of(), letters));
  }

  private List<String> services() {
    try (var records = store.find(ScanQuery.all())) {
      return records.map(record -> record.key().service()).toList();
    }
  }

  private List<String> reasons() {
    try (var letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return letters
          .map(
              letter ->
                  new String(letter.message().payload(), UTF_8)
                      + ": "
                      + letter.reason()
                      + " "
                      + letter.detail())
          .toList();
    }
  }
}
