package io.github.miniscan.pubsub;

import com.google.pubsub.v1.DeleteSubscriptionRequest;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.SourceListener;
import io.github.miniscan.pubsub.emulator.EmulatorOptions;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.SubscriptionCounts;
import io.github.miniscan.testkit.LeaseQueueContract;
import io.github.miniscan.testkit.ReconnectingContract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Our emulator with the kit's subscription, and sources that have less time than in production. */
final class EmulatorQueue implements LeaseQueueContract.LeaseQueue, ReconnectingContract.Server {

  /** For the contract: a lease that survives a thread that starves for seconds. */
  private static final Timing CALM =
      Timing.DEFAULT
          .withLease(Duration.ofSeconds(10), Duration.ofMillis(100))
          .withClose(Duration.ofSeconds(30));

  static final Timing QUICK =
      Timing.DEFAULT.withLease(Duration.ofSeconds(2), Duration.ofMillis(100));

  private final PullMode pullMode;
  private final MovableClock clock = new MovableClock();
  private SourceListener listener = SourceListener.NONE;
  private PubSubEmulator emulator;
  private int port;
  private PubSubPublisher publisher;

  EmulatorQueue(PullMode pullMode) throws Exception {
    this.pullMode = pullMode;
    start(0);
  }

  private void start(int requestedPort) throws Exception {
    emulator =
        PubSubEmulator.start(EmulatorOptions.defaults().withPort(requestedPort).withClock(clock));
    port = emulator.port();
    emulator.createKit();
    publisher =
        PubSubPublisher.open(server(), PubSubEmulator.KIT_PROJECT, PubSubEmulator.KIT_TOPIC);
  }

  /** Has sources that are opened from now on tell this listener. */
  void tell(SourceListener listener) {
    this.listener = listener;
  }

  /** Lets the server's time pass: every lease that is not longer is over. */
  void letPass(Duration time) {
    clock.offset = clock.offset.plus(time);
    emulator.tick();
  }

  PubSubEmulator emulator() {
    return emulator;
  }

  SubscriptionCounts counts() {
    return emulator.counts(PubSubEmulator.KIT_PROJECT, PubSubEmulator.KIT_SUBSCRIPTION);
  }

  void deleteSubscription() {
    try (Connection connection = Connection.to(server(), "test-admin")) {
      connection
          .subscriber()
          .deleteSubscriptionCallable()
          .call(
              DeleteSubscriptionRequest.newBuilder()
                  .setSubscription(options().subscription())
                  .build());
    }
  }

  PubSubServer server() {
    return PubSubServer.emulator(emulator.endpoint());
  }

  PubSubOptions options() {
    return PubSubOptions.of(PubSubEmulator.KIT_PROJECT, PubSubEmulator.KIT_SUBSCRIPTION)
        .withPullMode(pullMode)
        .withListener(listener);
  }

  @Override
  public CompletableFuture<String> publish(byte[] payload, Map<String, String> attributes)
      throws InterruptedException {
    return publisher.publish(payload, attributes);
  }

  @Override
  public PubSubSource open(ByteBudget budget) throws InterruptedException {
    return open(budget, CALM);
  }

  PubSubSource open(ByteBudget budget, Timing timing) throws InterruptedException {
    return PubSubSource.open(server(), options(), budget, timing);
  }

  @Override
  public Duration lease() {
    return Duration.ofSeconds(10);
  }

  @Override
  public void goAway() {
    publisher.close();
    emulator.close();
  }

  @Override
  public void comeBack() throws Exception {
    start(port);
  }

  @Override
  public void close() {
    goAway();
  }

  private static final class MovableClock extends Clock {
    private volatile Duration offset = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(offset);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
