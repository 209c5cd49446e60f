package io.github.miniscan.proof.simulation;

import io.github.miniscan.Message;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.traffic.TrafficMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of one simulation share: time, chance, the subscription, the store, and the
 * replicas that are at work.
 *
 * <p>Which faults a world has, how often, and how many in all, is drawn with it: after the last the
 * world is calm, and everything must come to an end.
 */
final class World {

  private static final int MOST_FAULTS = 24;
  private static final int MOST_REPLICAS = 3;
  private static final int MOST_STEPS = 100_000;
  private static final int LONGEST_PAUSE_MILLIS = 30_000;

  private final Rig rig;
  private final Tally tally;
  private final @Nullable Consumer<String> trace;
  private final Chance chance;
  private final double[] rates = new double[Fault.values().length];
  private final boolean wrongClocks;
  private final boolean reordered;
  private final int mostArrivals;
  private final Refusal refusal;
  private final Subscription subscription;
  private final SimulatedStore store;
  private final Ledger ledger;
  private final Deque<Replica> running = new ArrayDeque<>();
  private int faultsLeft;
  private int replicas;
  private int steps;
  private long now;

  World(long seed, Rig rig, Tally tally, @Nullable Consumer<String> trace) {
    this.rig = rig;
    this.tally = tally;
    this.trace = trace;
    chance = new Chance(seed);
    faultsLeft = chance.below(MOST_FAULTS + 1);
    for (Fault fault : Fault.values()) {
      double rate = fault.usualRate * (chance.onceIn(4) ? 4 : 1);
      rates[fault.ordinal()] = chance.onceIn(2) ? rate : 0;
    }
    wrongClocks = chance.onceIn(3);
    reordered = chance.onceIn(2);
    mostArrivals = chance.onceIn(2) ? Integer.MAX_VALUE : chance.between(1, 8);
    refusal = Refusal.drawn(chance);
    List<Published> published = publish();
    InMemoryScanStore durable = new InMemoryScanStore();
    subscription = new Subscription(published, chance, tally);
    ledger = new Ledger(published, durable);
    store = new SimulatedStore(this, durable, refusal);
  }

  private List<Published> publish() {
    List<TrafficMessage> meant = Pool.draw(chance);
    // A queue that was made anew begins its ids again; then only the publish time tells.
    int ids = chance.onceIn(4) ? 1 + meant.size() / 2 : meant.size();
    boolean timeless = !wrongClocks && ids == meant.size() && chance.onceIn(8);
    int spreadMillis = chance.onceIn(2) ? 1 : chance.below(30_000) + 1;
    List<Published> published = new ArrayList<>(meant.size());
    for (int i = 0; i < meant.size(); i++) {
      long at = Duration.ofMillis(chance.below(spreadMillis)).toNanos() + i;
      TrafficMessage decoded = refusal.poison(meant.get(i));
      Message message =
          new Message(
              Integer.toString(i % ids),
              decoded.payload(),
              i % 2 == 0 ? Map.of() : Map.of("number", "odd"),
              timeless ? null : instant(at));
      published.add(new Published(i, at, message, decoded, refusal.refuse(decoded)));
    }
    tally.messages += published.size();
    return published;
  }

  /** Runs one replica after the other, until everything is settled, and looks at what is kept. */
  void run() {
    while (!subscription.isSettled()) {
      start(options(false));
      advance(chance.nextLong(Duration.ofMillis(LONGEST_PAUSE_MILLIS).toNanos()));
    }
    ledger.settled();
    tally.simulatedSeconds += Duration.ofNanos(now).toSeconds();
  }

  private void start(IngestOptions options) {
    Replica replica = new Replica(this, "r" + ++replicas, options);
    trace(replica, () -> "starts");
    tally.engines++;
    running.push(replica);
    replica.run();
    running.pop();
  }

  /** Lets another replica do some work inside a step of this one. */
  void maybeRunBeside(Replica waiting) {
    if (running.size() < MOST_REPLICAS && strikes(Fault.SECOND_REPLICA)) {
      boolean stalled = strikes(Fault.STALL);
      long began = now;
      waiting.source().stall(stalled);
      start(options(true));
      waiting.source().stall(false);
      waiting.watch().passElsewhere(now - began);
    }
  }

  /** All kinds of options; those of a replica beside another one make sure that it ends. */
  private IngestOptions options(boolean beside) {
    IngestOptions options =
        IngestOptions.defaults()
            .withMaxBatch(chance.onceIn(2) ? 1_000 : chance.between(1, 6))
            .withDecodeAheadFrom(decodeAheadFrom())
            .withStopWithin(Duration.ofMillis(chance.below(10_000)))
            .withRetryWaits(
                Duration.ofMillis(chance.between(1, 200)),
                Duration.ofMillis(chance.between(200, 10_000)));
    boolean calm = faultsLeft == 0;
    if (beside || (!calm && chance.onceIn(4))) {
      options = options.withIdleLimit(Duration.ofMillis(chance.between(50, 700)));
    }
    if (!calm && chance.onceIn(3)) {
      options = options.withMaxDeliveries(chance.between(1, 10));
    }
    return !calm && chance.onceIn(6)
        ? options.withStoreDownLimit(Duration.ofMillis(chance.between(1, 30_000)))
        : options;
  }

  /** Mostly so few that the next batch is fetched ahead; sometimes more than a batch ever has. */
  private int decodeAheadFrom() {
    return chance.onceIn(2) ? 1 : chance.between(1, chance.onceIn(2) ? 6 : 40);
  }

  /** Whether this fault happens now. */
  boolean strikes(Fault fault) {
    double rate = rates[fault.ordinal()];
    if (faultsLeft == 0 || rate == 0 || !chance.hits(rate)) {
      return false;
    }
    faultsLeft--;
    tally.count(fault);
    if (trace != null) {
      trace.accept("%10.3f s     (%s)".formatted(now / 1e9, fault));
    }
    return true;
  }

  /** Counts what the engines do: in a world whose faults have an end, so must that. */
  void step() {
    if (++steps > MOST_STEPS) {
      throw new Violation("no end after " + MOST_STEPS + " steps");
    }
  }

  /** Lets time pass for all who are at work. */
  void advance(long nanos) {
    long since = now;
    now += nanos;
    for (Replica replica : running) {
      replica.source().timePassed(since);
    }
  }

  /** Nanoseconds since the world began. */
  long now() {
    return now;
  }

  Instant instant(long nanos) {
    return Instant.ofEpochSecond(Pool.BASE_SECOND + 1, nanos);
  }

  /** By how much the clock of a machine is wrong. */
  Duration clockError() {
    return wrongClocks ? Duration.ofDays(chance.between(-1_000, 1_000)) : Duration.ZERO;
  }

  boolean isSettled() {
    return subscription.isSettled();
  }

  boolean isReordered() {
    return reordered;
  }

  /** How many messages the queue delivers at once. */
  int arrivals() {
    return mostArrivals == Integer.MAX_VALUE ? mostArrivals : chance.between(1, mostArrivals);
  }

  /** Tells what happens, where someone listens. */
  void trace(Replica replica, Supplier<String> what) {
    if (trace != null) {
      trace.accept("%10.3f s  %s %s".formatted(now / 1e9, replica, what.get()));
    }
  }

  Rig rig() {
    return rig;
  }

  Chance chance() {
    return chance;
  }

  Tally tally() {
    return tally;
  }

  Refusal refusal() {
    return refusal;
  }

  Subscription subscription() {
    return subscription;
  }

  SimulatedStore store() {
    return store;
  }

  Ledger ledger() {
    return ledger;
  }
}
