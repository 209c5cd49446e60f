package io.github.miniscan.pubsub;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.testkit.LeaseQueueContract;
import io.github.miniscan.testkit.google.GoogleEmulator;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract before Google's emulator, with the shortest leases that it grants. */
@Execution(ExecutionMode.SAME_THREAD)
interface GoogleEmulatorContract extends LeaseQueueContract {

  PullMode pullMode();

  @Override
  default LeaseQueue start() throws Exception {
    assumeTrue(GoogleEmulator.isInstalled(), GoogleEmulator.NOT_INSTALLED);
    return new GoogleQueue(pullMode());
  }

  /** A fresh emulator with the kit's subscription. */
  final class GoogleQueue implements LeaseQueue {
    private static final Timing TIMING =
        Timing.DEFAULT
            .withLease(Duration.ofSeconds(10), Duration.ofMillis(200))
            .withClose(Duration.ofSeconds(30));

    private final PullMode pullMode;
    private final GoogleEmulator emulator = GoogleEmulator.start();
    private final PubSubPublisher publisher;

    GoogleQueue(PullMode pullMode) throws Exception {
      this.pullMode = pullMode;
      emulator.createSubscription("test-project", "scan-topic", "scan-sub");
      publisher = PubSubPublisher.open(server(), "test-project", "scan-topic");
    }

    private PubSubServer server() {
      return PubSubServer.emulator(emulator.endpoint());
    }

    @Override
    public CompletableFuture<String> publish(byte[] payload, Map<String, String> attributes)
        throws InterruptedException {
      return publisher.publish(payload, attributes);
    }

    @Override
    public PubSubSource open(ByteBudget budget) throws InterruptedException {
      PubSubOptions options = PubSubOptions.of("test-project", "scan-sub").withPullMode(pullMode);
      return PubSubSource.open(server(), options, budget, TIMING);
    }

    @Override
    public Duration lease() {
      return Duration.ofSeconds(10);
    }

    @Override
    public void close() {
      publisher.close();
      emulator.close();
    }
  }
}
