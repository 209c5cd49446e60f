package io.github.miniscan.pubsub;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.SourceException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Isolated("looks at the threads of the whole JVM")
class LeavingTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @ParameterizedTest
  @EnumSource(names = {"UNARY", "STREAMING"})
  void leavesNoThreadAndNoStreamBehind(PullMode mode) throws Exception {
    try (EmulatorQueue queue = new EmulatorQueue(mode)) {
      queue.open(ByteBudget.ofHeap()).close();
      assertThat(queue.emulator().counts(KIT_PROJECT, KIT_SUBSCRIPTION).openStreams()).isZero();
    }
    assertNoThreadIsLeft();
  }

  @Test
  void leavesNoThreadBehindWhenItCannotOpen() throws Exception {
    PubSubServer nobody =
        PubSubServer.emulator("127.0.0.1:1").withConnectTimeout(Duration.ofMillis(300));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(
            () -> PubSubSource.open(nobody, PubSubOptions.of("p", "s"), ByteBudget.ofHeap()));
    assertThatExceptionOfType(PubSubException.class)
        .isThrownBy(() -> PubSubPublisher.open(nobody, "p", "t"));
    assertNoThreadIsLeft();
  }

  private static void assertNoThreadIsLeft() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(
                        name ->
                            name.startsWith("pubsub-source")
                                || name.startsWith("pubsub-publisher")));
  }
}
