package io.github.miniscan.proof.process;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_TOPIC;

import io.github.miniscan.Message;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.emulator.EmulatorOptions;
import io.github.miniscan.pubsub.emulator.Faults;
import io.github.miniscan.pubsub.emulator.Journal;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.SubscriptionCounts;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The queue before the program under proof: a server in this process, with the kit's topic and
 * subscription, that lives on when the program dies. It knows of each message what it must become
 * and whether it was acked. Safe for use by several threads.
 */
public final class ScanQueue implements AutoCloseable {

  /** More than any lease that a consumer has. */
  private static final Duration ANY_LEASE = Duration.ofSeconds(61);

  private static final String SUBSCRIPTION =
      "projects/" + KIT_PROJECT + "/subscriptions/" + KIT_SUBSCRIPTION;
  private static final int CHUNK = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long POLL_NANOS = 2_000_000;

  /** gRPC reports each connection that a killed client leaves behind, with its stack. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final AdvancingClock clock = new AdvancingClock();
  private final Iterator<TrafficMessage> traffic;
  private final Oracle oracle = new Oracle();
  private final Map<String, TrafficMessage> unsettled = new ConcurrentHashMap<>();
  private final int journalLimit;
  private final int port;
  private volatile PubSubEmulator emulator;
  private volatile PubSubPublisher publisher;
  private long redeliveriesBefore;

  private ScanQueue(Iterator<TrafficMessage> traffic, int journalLimit, int port)
      throws IOException, InterruptedException {
    GRPC.setLevel(Level.OFF);
    this.traffic = traffic;
    this.journalLimit = journalLimit;
    this.port = port;
    emulator = listen();
    emulator.createKit();
    publisher = connect();
  }

  /**
   * Starts one on a free port.
   *
   * @param traffic where messages come from
   * @param journalLimit how many of the latest messages are remembered: more than there ever are
   *     between the oldest that is not acked and the newest
   */
  public static ScanQueue start(Iterator<TrafficMessage> traffic, int journalLimit)
      throws IOException, InterruptedException {
    return new ScanQueue(traffic, journalLimit, Ports.free());
  }

  private PubSubEmulator listen() throws IOException {
    EmulatorOptions options = EmulatorOptions.defaults().withClock(clock).withJournal(journalLimit);
    return Ports.listen(port, free -> PubSubEmulator.start(options.withPort(free)));
  }

  private PubSubPublisher connect() throws InterruptedException {
    return PubSubPublisher.open(PubSubServer.emulator(emulator.endpoint()), KIT_PROJECT, KIT_TOPIC);
  }

  /** What {@code --emulator} takes. */
  public String address() {
    return emulator.endpoint();
  }

  public int port() {
    return port;
  }

  /** Faults on demand, until the server is restarted. */
  public Faults faults() {
    return emulator.faults();
  }

  /** What became of the messages in the present life of the server. */
  public SubscriptionCounts counts() {
    return emulator.counts(KIT_PROJECT, KIT_SUBSCRIPTION);
  }

  /** Publishes so many messages, and waits until all are confirmed. */
  public void publish(int count) throws InterruptedException {
    publish(draw(count));
  }

  /** Takes so many messages, without publishing them. */
  public List<TrafficMessage> draw(int count) {
    List<TrafficMessage> messages = new ArrayList<>();
    synchronized (traffic) {
      for (int i = 0; i < count; i++) {
        messages.add(traffic.next());
      }
    }
    return messages;
  }

  /** Publishes these messages, each as a new one, and waits until all are confirmed. */
  public void publish(Collection<TrafficMessage> messages) throws InterruptedException {
    List<CompletableFuture<?>> confirmed = new ArrayList<>(CHUNK);
    for (TrafficMessage message : messages) {
      synchronized (oracle) {
        oracle.published(message);
      }
      confirmed.add(
          publisher
              .publish(message.payload(), Map.of())
              .thenAccept(id -> unsettled.put(id, message)));
      if (confirmed.size() == CHUNK) {
        confirmed.forEach(CompletableFuture::join);
        confirmed.clear();
      }
    }
    confirmed.forEach(CompletableFuture::join);
  }

  /** How many messages were published since the queue began, over all lives of the server. */
  public long published() {
    synchronized (oracle) {
      return oracle.published();
    }
  }

  /**
   * A message that was acked.
   *
   * @param message as it was delivered
   * @param meant what it must have become
   */
  public record Acked(Message message, TrafficMessage meant) {}

  /**
   * The messages that were acked since this was last asked.
   *
   * @throws IllegalStateException when the journal was too short to tell
   */
  public List<Acked> newlyAcked() {
    List<Acked> acked = new ArrayList<>();
    int atLeast = unsettled.size();
    int known = 0;
    for (Journal.Entry entry : emulator.journal().entries(SUBSCRIPTION)) {
      if (!unsettled.containsKey(entry.messageId())) {
        continue;
      }
      known++;
      if (entry.ackedAt().isPresent()) {
        TrafficMessage meant = unsettled.remove(entry.messageId());
        if (meant != null) {
          acked.add(
              new Acked(
                  new Message(entry.messageId(), meant.payload(), Map.of(), entry.publishedAt()),
                  meant));
        }
      }
    }
    if (emulator.journal().forgotten() > 0 && known < atLeast) {
      throw new IllegalStateException(
          "the journal is too short: %d of %d messages are in it".formatted(known, atLeast));
    }
    return acked;
  }

  /** The messages that are not known to be acked yet; see {@link #newlyAcked}. */
  public List<TrafficMessage> unsettled() {
    return List.copyOf(unsettled.values());
  }

  /**
   * Waits until everything that was published is acked.
   *
   * @throws BrokenPromiseException when it is not in time
   */
  public void awaitSettled(Duration patience) {
    await(
        patience,
        () -> {
          SubscriptionCounts counts = counts();
          return counts.acked() == counts.published();
        });
  }

  /** Waits until so many messages were acked in the present life of the server. */
  public void awaitAcked(long messages, Duration patience) {
    await(patience, () -> counts().acked() >= messages);
  }

  private void await(Duration patience, BooleanSupplier there) {
    long end = System.nanoTime() + patience.toNanos();
    while (!there.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new BrokenPromiseException(
            "messages must be settled, and are not after %s: %s".formatted(patience, counts()));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /**
   * Ends the leases of consumers that are gone. A connection's end comes to be known a moment after
   * its process ended, and what is sent until then is leased anew.
   */
  public void expireLeases() {
    await(
        PATIENCE,
        () -> {
          letPass(ANY_LEASE);
          SubscriptionCounts counts = counts();
          return counts.openStreams() == 0 && counts.outstanding() == 0;
        });
  }

  /** Lets the server's time pass. */
  public void letPass(Duration time) {
    clock.advance(time);
    emulator.tick();
  }

  /**
   * How often a message was delivered that had been before, over all lives of the server; exact
   * when everything is settled.
   */
  public long redeliveries() {
    return redeliveriesBefore + redeliveriesOfThisLife();
  }

  private long redeliveriesOfThisLife() {
    SubscriptionCounts counts = counts();
    return Math.max(0, counts.delivered() - counts.published());
  }

  /** Ends the server. It forgets everything; so does this of what was not acked. */
  public void goAway() {
    redeliveriesBefore += redeliveriesOfThisLife();
    publisher.close();
    emulator.close();
    unsettled.clear();
  }

  /** Starts a server on the same port that has nothing, not even a topic; see {@link #create}. */
  public void comeBack() throws IOException {
    emulator = listen();
  }

  /** Makes the topic and the subscription anew. */
  public void create() throws InterruptedException {
    emulator.createKit();
    publisher = connect();
  }

  /**
   * Compares a store with all that was published so far.
   *
   * @throws BrokenPromiseException when they differ
   */
  public void checkAll(AckedStore store) {
    synchronized (oracle) {
      store.checkAll(oracle);
    }
  }

  @Override
  public void close() {
    publisher.close();
    emulator.close();
  }
}
