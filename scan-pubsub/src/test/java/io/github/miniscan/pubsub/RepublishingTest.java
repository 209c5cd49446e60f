package io.github.miniscan.pubsub;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.Rpc;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.InMemoryScanStore;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepublishingTest {

  private static final int TOO_LARGE = 11_000_000;

  private final InMemoryScanStore store = new InMemoryScanStore();
  private PubSubEmulator emulator;

  @BeforeEach
  void start() throws Exception {
    emulator = PubSubEmulator.start();
    emulator.createKit();
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void removesWhatTheServerConfirmed() throws Exception {
    keep(1_234, 10);

    Republishing.Result result = republish();

    assertThat(result.replayed()).isEqualTo(1_234);
    assertThat(result.kept()).isZero();
    assertThat(result.failure()).isEmpty();
    assertThat(published()).isEqualTo(1_234);
    assertThat(kept()).isEmpty();
  }

  @Test
  void keepsWhatTheServerRefuses() throws Exception {
    keep(2, TOO_LARGE);
    keep(3, 10);

    Republishing.Result result = republish();

    assertThat(result.replayed()).isEqualTo(3);
    assertThat(result.kept()).isEqualTo(2);
    assertThat(result.failure()).containsInstanceOf(PubSubException.class);
    assertThat(kept()).hasSize(2).allMatch(letter -> letter.message().payload().length > 10);
  }

  @Test
  void endsEarlyWhenTheServerTakesNone() throws Exception {
    keep(2_000, 10);
    try (PubSubPublisher publisher = open();
        Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      for (int call = 1; call <= 2_000; call++) {
        emulator.faults().failCall(Rpc.PUBLISH, call, Status.PERMISSION_DENIED);
      }

      Republishing.Result result = new Republishing(publisher, store).run(letters);

      assertThat(result.replayed()).isZero();
      assertThat(result.kept()).isLessThan(2_000);
      assertThat(result.failure()).containsInstanceOf(PubSubException.class);
      assertThat(kept()).hasSize(2_000);
    }
  }

  private Republishing.Result republish() throws InterruptedException {
    try (PubSubPublisher publisher = open();
        Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return new Republishing(publisher, store).run(letters);
    }
  }

  private PubSubPublisher open() throws InterruptedException {
    return PubSubPublisher.open(PubSubServer.emulator(emulator.endpoint()), KIT_PROJECT, KIT_TOPIC);
  }

  private void keep(int count, int bytes) {
    List<DeadLetter> letters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Message message =
          new Message(bytes + "-" + i, new byte[bytes], Map.of("number", i + ""), Instant.EPOCH);
      letters.add(DeadLetter.of(message, Reason.MALFORMED_JSON, "why", Instant.EPOCH));
    }
    store.write(Batch.of(List.of(), letters));
  }

  private List<DeadLetter> kept() {
    try (Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return letters.toList();
    }
  }

  private long published() {
    return emulator.counts(KIT_PROJECT, KIT_SUBSCRIPTION).published();
  }
}
