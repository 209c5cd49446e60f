package io.github.miniscan.proof.broker;

import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.process.AckedStore;
import io.github.miniscan.proof.process.ScanQueue;
import io.github.miniscan.proof.process.TcpProxy;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.pubsub.emulator.Rpc;
import io.github.miniscan.pubsub.emulator.SubscriptionCounts;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One fault, before a queue, a network, a consumer and a store of its own. */
final class Trial implements AutoCloseable {

  private static final int SOME = 300;
  private static final int PIECE = 10;
  private static final int PROGRESS = 30;
  private static final int JOURNAL = 100_000;
  private static final Duration BETWEEN_PIECES = Duration.ofMillis(50);
  private static final Duration ANY_LEASE = Duration.ofSeconds(61);
  private static final int ATTEMPTS = 3;
  private static final Duration SLICE = Duration.ofMillis(20);
  private static final Duration HICCUP = Duration.ofMillis(500);
  private static final long POLL_NANOS = 2_000_000;

  private final Fault fault;
  private final PullMode mode;
  private final Pace pace;
  private final long seed;
  private final Random random;
  private final ScanQueue queue;
  private final TcpProxy proxy;
  private final AckedStore store;
  private final Consumer consumer;
  private final AtomicReference<@Nullable Throwable> feederFailure = new AtomicReference<>();
  private final Thread feeder = new Thread(this::feed, "feeder");
  private volatile boolean fed;
  private boolean acksArrive;
  private long againBefore;

  Trial(Fault fault, PullMode mode, Pace pace, long seed, Path directory)
      throws IOException, InterruptedException {
    this.fault = fault;
    this.mode = mode;
    this.pace = pace;
    this.seed = seed;
    random = new Random(seed);
    Path file = directory.resolve("%s-%s.db".formatted(fault, mode));
    queue = ScanQueue.start(new TrafficGenerator(TrafficOptions.nasty(seed)), JOURNAL);
    proxy = new TcpProxy(queue.port());
    store = new AckedStore(file);
    consumer = Consumer.start(proxy.address(), mode, pace, file);
    feeder.setDaemon(true);
  }

  /**
   * Lets it happen under traffic, and sees to it that all comes right.
   *
   * @throws BrokenPromiseException when it does not
   */
  Fault.Outcome run() throws IOException, InterruptedException {
    try {
      publishSome();
      awaitAllSettled();
      // A machine that is busy with starting may have let leases run out before.
      againBefore = queue.redeliveries();
      if (fault.isFed()) {
        fed = true;
        feeder.start();
      }
      fault.strike(this);
      long over = System.nanoTime();
      awaitRecovery();
      Duration recovery = Duration.ofNanos(System.nanoTime() - over);
      stopFeeder();
      publishSome();
      awaitAllSettled();
      check();
      checkAcksArrive();
      queue.checkAll(store);
      consumer.stop();
      return new Fault.Outcome(fault.words(), queue.published(), queue.redeliveries(), recovery);
    } catch (BrokenPromiseException e) {
      throw new BrokenPromiseException(
          "%s, by %s pull: %s".formatted(fault.words(), mode, e.getMessage()), e);
    }
  }

  private void feed() {
    try {
      while (fed) {
        queue.publish(PIECE);
        pause(BETWEEN_PIECES);
      }
    } catch (RuntimeException | InterruptedException e) {
      feederFailure.set(e);
    }
  }

  private void stopFeeder() throws InterruptedException {
    fed = false;
    feeder.join();
    Throwable failure = feederFailure.get();
    if (failure != null) {
      throw new IllegalStateException("nothing more could be published", failure);
    }
  }

  ScanQueue queue() {
    return queue;
  }

  TcpProxy proxy() {
    return proxy;
  }

  Consumer consumer() {
    return consumer;
  }

  PullMode mode() {
    return mode;
  }

  Pace pace() {
    return pace;
  }

  Random random() {
    return random;
  }

  long seed() {
    return seed;
  }

  /** The call that fetches. */
  Rpc pullCall() {
    return mode == PullMode.UNARY ? Rpc.PULL : Rpc.STREAMING_PULL;
  }

  /** The next calls of this kind fail. */
  void failCalls(Rpc rpc, Status status) {
    for (int call = 1; call <= Fault.CALLS; call++) {
      queue.faults().failCall(rpc, call, status);
    }
  }

  /** Calls of this kind are never answered, for some time. */
  void hang(Rpc rpc) throws InterruptedException {
    queue.faults().hangCalls(rpc);
    pause(pace.hang());
    queue.faults().clear();
  }

  /**
   * The store is slow, for longer than a lease that is not extended lasts.
   *
   * @throws BrokenPromiseException when a lease runs out meanwhile
   */
  void stallStore() throws InterruptedException {
    consumer.stall();
    for (int attempt = 1; ; attempt++) {
      publishSome();
      await("in hand", () -> queue.counts().backlog() == 0);
      SubscriptionCounts before = queue.counts();
      Duration hiccup = pauseWatched(pace.stall());
      SubscriptionCounts after = queue.counts();
      if (after.expired() == before.expired()) {
        break;
      }
      if (hiccup.compareTo(HICCUP) < 0 || attempt == ATTEMPTS) {
        throw new BrokenPromiseException(
            "leases must be kept while the store is slow, and after %s: %s; before: %s"
                .formatted(pace.stall(), after, before));
      }
    }
    consumer.goOn();
  }

  /** A machine that gives nobody any time for seconds proves nothing about leases. */
  private static Duration pauseWatched(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long longest = 0;
    for (long now = System.nanoTime(); now - end < 0; ) {
      pause(SLICE);
      long after = System.nanoTime();
      longest = Math.max(longest, after - now);
      now = after;
    }
    return Duration.ofNanos(longest);
  }

  /** From the fault's beginning to the end, all acks must come through before leases run out. */
  void promiseAcksArrive() {
    acksArrive = true;
  }

  /** A pull whose time is over just when it is answered has its messages delivered again. */
  private void checkAcksArrive() {
    long again = queue.redeliveries() - againBefore;
    if (acksArrive && again > PROGRESS) {
      throw new BrokenPromiseException(
          "acks must be repeated until they are answered, and %d messages came again: %s"
              .formatted(again, queue.counts()));
    }
  }

  /** Publishes some of all sorts, and tells how many. */
  int publishSome() throws InterruptedException {
    queue.publish(SOME);
    return SOME;
  }

  /** Some that are all scans. */
  List<TrafficMessage> scans() {
    return queue.draw(SOME).stream().filter(message -> message.record().isPresent()).toList();
  }

  /** Every lease is over. */
  void expireAll() {
    queue.letPass(ANY_LEASE);
  }

  /** Waits until more was acked than before. */
  void awaitProgress() {
    long acked = queue.counts().acked() + PROGRESS;
    await("acked", () -> queue.counts().acked() >= acked);
  }

  /** Waits until the consumer has settled so many deliveries. */
  void awaitSettled(long deliveries) {
    await("settled", () -> consumer.counts().settled() >= deliveries);
  }

  /** Until something new is acked, or all is. */
  private void awaitRecovery() throws InterruptedException {
    long acked = queue.counts().acked();
    queue.publish(1);
    await("acked again", () -> queue.counts().acked() > acked);
  }

  private void awaitAllSettled() {
    await(
        "settled to the last",
        () -> {
          SubscriptionCounts counts = queue.counts();
          return counts.acked() == counts.published();
        });
  }

  void await(String what, BooleanSupplier there) {
    long end = System.nanoTime() + pace.patience().toNanos();
    while (!there.getAsBoolean()) {
      consumer.checkRunning();
      if (System.nanoTime() - end > 0) {
        throw new BrokenPromiseException(
            "messages must be %s, and are not after %s: %s"
                .formatted(what, pace.patience(), queue.counts()));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Whether all that was acked is in the store. */
  void check() {
    store.check(queue.newlyAcked());
  }

  /** Some time from nothing to this. */
  Duration upTo(Duration longest) {
    return Duration.ofNanos(random.nextLong(longest.toNanos()));
  }

  static void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  @Override
  public void close() {
    fed = false;
    consumer.close();
    proxy.close();
    queue.close();
  }
}
