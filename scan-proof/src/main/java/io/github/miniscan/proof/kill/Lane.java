package io.github.miniscan.proof.kill;

import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.process.AckedStore;
import io.github.miniscan.proof.process.ScanProgram;
import io.github.miniscan.proof.process.ScanQueue;
import io.github.miniscan.proof.process.Times;
import io.github.miniscan.pubsub.emulator.Rpc;
import io.github.miniscan.pubsub.emulator.SubscriptionCounts;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One consumer that is killed again and again, with a queue and a store's file of its own. */
final class Lane implements AutoCloseable {

  /** What waits at any moment, so that no kill finds a consumer that has nothing to do. */
  private static final int SMALL_RESERVE = 1_500;

  /** Four times the size of a batch from which on the next one is decoded ahead. */
  private static final int LARGE_RESERVE = 4 * IngestOptions.defaults().decodeAheadFrom();

  private static final int PIECE = 500;
  private static final int JOURNAL = 100_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The pool that decodes large batches, ahead where it can; the system shortens its name. */
  private static final String COMMON_POOL = "ForkJoi";

  private static final long POLL_NANOS = 100_000;
  private static final long LITTLE_NANOS = 3_000_000;
  private static final long WHILE_ACKS_HANG_NANOS = 40_000_000;
  private static final long NOTHING_WRITTEN_NANOS = 1_000_000_000;

  private final String pull;
  private final Random random;
  private final ScanProgram.Launch program;
  private final Path file;
  private final Path log;
  private final ScanQueue queue;
  private final AckedStore store;
  private final Map<KillPoint, Integer> kills = new EnumMap<>(KillPoint.class);
  private final Times toFirstAck = new Times();
  private final Times toFirstDelivery = new Times();
  private final AtomicReference<@Nullable Throwable> feederFailure = new AtomicReference<>();
  private final Thread feeder;
  private volatile boolean fed = true;
  private volatile int reserve = SMALL_RESERVE;
  private int idle;
  private int decodedAhead;
  private long longestStart = Duration.ofSeconds(1).toNanos();

  /**
   * @param pull how messages are fetched: streaming or unary
   */
  Lane(String pull, long seed, ScanProgram.Launch program, Path directory)
      throws IOException, InterruptedException {
    this.pull = pull;
    this.program = program;
    random = new Random(seed);
    file = directory.resolve(pull + ".db");
    log = directory.resolve(pull + ".db-wal");
    queue = ScanQueue.start(new TrafficGenerator(TrafficOptions.nasty(seed)), JOURNAL);
    store = new AckedStore(file);
    feeder = new Thread(this::feed, "feeder-" + pull);
    feeder.setDaemon(true);
    feeder.start();
  }

  /** Keeps the reserve up, whatever the consumer takes. */
  private void feed() {
    try {
      while (fed) {
        SubscriptionCounts counts = queue.counts();
        if (counts.published() - counts.acked() < reserve) {
          queue.publish(PIECE);
        } else {
          LockSupport.parkNanos(POLL_NANOS);
        }
      }
    } catch (RuntimeException | InterruptedException e) {
      feederFailure.set(e);
    }
  }

  /** One life, its end, and what is in the file then. */
  void kill() throws IOException, InterruptedException {
    KillPoint point = KillPoint.values()[random.nextInt(KillPoint.values().length)];
    reserve = random.nextBoolean() ? SMALL_RESERVE : LARGE_RESERVE;
    if (point.holdsAcks()) {
      queue.faults().hangCalls(Rpc.ACKNOWLEDGE);
    }
    SubscriptionCounts before = queue.counts();
    try (ScanProgram consumer = consume()) {
      Life life = new Life(consumer, before);
      life.awaitPoint(point);
      life.awaitWork();
      decodedAhead += consumer.hasThread(COMMON_POOL) ? 1 : 0;
      consumer.kill();
      checkNoStackTrace(consumer);
      life.tell();
    }
    SubscriptionCounts after = queue.counts();
    if (after.published() == after.acked()) {
      idle++;
    }
    queue.expireLeases();
    queue.faults().clear();
    store.check(queue.newlyAcked());
    kills.merge(point, 1, Integer::sum);
  }

  private ScanProgram consume() throws IOException {
    return program.start("consume", "--emulator", queue.address(), "--store", file, "--pull", pull);
  }

  private static void checkNoStackTrace(ScanProgram consumer) {
    if (consumer.err().contains("Exception")) {
      throw new BrokenPromiseException(
          "no stack trace may reach a user, and it wrote: " + consumer.err());
    }
  }

  /**
   * Publishes what is missing, lets one consumer live until all is settled, and compares
   * everything.
   *
   * @param least how many messages there must have been
   */
  void end(long least) throws IOException, InterruptedException {
    fed = false;
    feeder.join();
    Throwable failure = feederFailure.get();
    if (failure != null) {
      throw new IllegalStateException("nothing more could be published", failure);
    }
    try (ScanProgram consumer = consume()) {
      do {
        // No more at once than the journal remembers.
        queue.publish((int) Math.min(JOURNAL / 2, Math.max(0, least - queue.published())));
        queue.awaitSettled(PATIENCE);
        store.check(queue.newlyAcked());
      } while (queue.published() < least);
      consumer.signal("TERM");
      int status = consumer.await(PATIENCE);
      if (status != 0) {
        throw new BrokenPromiseException(
            "a stop must end with status 0, and this one did with " + status + consumer.err());
      }
    }
    queue.checkAll(store);
    if (store.acked() != queue.published()) {
      throw new BrokenPromiseException(
          "%,d messages were published, and %,d acked".formatted(queue.published(), store.acked()));
    }
  }

  String pull() {
    return pull;
  }

  Map<KillPoint, Integer> kills() {
    return kills;
  }

  int killed() {
    return kills.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many kills found nothing left to do. */
  int idle() {
    return idle;
  }

  /** Returns how many kills found a consumer that had begun to decode a large batch. */
  int decodedAhead() {
    return decodedAhead;
  }

  long messages() {
    return queue.published();
  }

  long redeliveries() {
    return queue.redeliveries();
  }

  long looks() {
    return store.looks();
  }

  Times toFirstAck() {
    return toFirstAck;
  }

  Times toFirstDelivery() {
    return toFirstDelivery;
  }

  @Override
  public void close() {
    fed = false;
    try {
      feeder.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.close();
  }

  /** What can be seen of a consumer from outside, from its start on. */
  private final class Life {
    private final ScanProgram consumer;
    private final SubscriptionCounts before;
    private @Nullable Duration firstDelivery;
    private @Nullable Duration firstAck;
    private long logBefore;

    Life(ScanProgram consumer, SubscriptionCounts before) {
      this.consumer = consumer;
      this.before = before;
    }

    void awaitPoint(KillPoint point) {
      int messages = 1 + random.nextInt(2 * reserve);
      long little = random.nextLong(LITTLE_NANOS);
      switch (point) {
        case STARTING -> {
          long end = random.nextLong(longestStart + longestStart / 4);
          await(() -> System.nanoTime() - consumer.startedAt() > end);
        }
        case RECEIVING -> {
          // What is leased can not be delivered again, so there may never be more than these.
          int few = 1 + random.nextInt(reserve / 2);
          await(() -> queue.counts().delivered() - before.delivered() >= few);
          pause(little);
        }
        case WRITING -> {
          awaitWritten();
          pause(little);
        }
        case COMMITTED -> {
          awaitWritten();
          pause(random.nextLong(WHILE_ACKS_HANG_NANOS));
        }
        case ACKING -> await(() -> queue.counts().acked() - before.acked() >= messages);
        case HALF_ACKED -> {
          await(() -> queue.counts().acked() > before.acked());
          queue.faults().hangCalls(Rpc.ACKNOWLEDGE);
          pause(random.nextLong(WHILE_ACKS_HANG_NANOS));
        }
      }
    }

    void awaitWork() {
      await(() -> queue.counts().acked() < queue.counts().published());
    }

    /**
     * Opening the file may write to the log, too: only what follows a delivery counts. Where the
     * last kill came after a commit, all that is there to be delivered may be known already, and
     * then nothing is written.
     */
    private void awaitWritten() {
      await(() -> queue.counts().delivered() > before.delivered());
      logBefore = logChanged();
      long end = System.nanoTime() + NOTHING_WRITTEN_NANOS;
      await(() -> logChanged() != logBefore || System.nanoTime() - end >= 0);
    }

    /** The log is used again from its beginning, so its size alone does not tell. */
    private long logChanged() {
      try {
        return Files.getLastModifiedTime(log).hashCode() * 31L + Files.size(log);
      } catch (IOException notThere) {
        return 0;
      }
    }

    private void await(BooleanSupplier there) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!there.getAsBoolean()) {
        look();
        if (!consumer.isRunning()) {
          throw new BrokenPromiseException("the consumer ended by itself: " + consumer.err());
        }
        if (System.nanoTime() - end > 0) {
          throw new BrokenPromiseException(
              "the consumer must go on, and does not after %s: before %s, now %s%n%s"
                  .formatted(PATIENCE, before, queue.counts(), consumer.err()));
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
      look();
    }

    private void look() {
      SubscriptionCounts now = queue.counts();
      if (firstDelivery == null && now.delivered() > before.delivered()) {
        firstDelivery = sinceStart();
      }
      if (firstAck == null && now.acked() > before.acked()) {
        firstAck = sinceStart();
      }
    }

    private Duration sinceStart() {
      return Duration.ofNanos(System.nanoTime() - consumer.startedAt());
    }

    private void pause(long nanos) {
      long end = System.nanoTime() + nanos;
      await(() -> System.nanoTime() - end >= 0);
    }

    /** The first life follows no kill. */
    void tell() {
      Duration delivery = firstDelivery;
      if (delivery != null) {
        longestStart = Math.max(longestStart / 2, delivery.toNanos());
      }
      if (killed() > 0 && delivery != null && firstAck != null) {
        toFirstDelivery.add(delivery);
        toFirstAck.add(firstAck);
      }
    }
  }
}
