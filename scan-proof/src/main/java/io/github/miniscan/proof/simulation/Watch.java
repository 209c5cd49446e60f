package io.github.miniscan.proof.simulation;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.ingest.GaveUpException;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestListener;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.ingest.SourceException;
import io.github.miniscan.proof.simulation.SimulatedSource.Arrival;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each step of one engine, and objects to what an engine may not do. Its own time is the
 * engine's: what passes while another replica runs inside a step does not count.
 *
 * <p>An engine has one batch in hand, from the receive that completes it until all of it is acked
 * or handed back. Beside it, an engine with an executor may fetch deliveries ahead: once for each
 * batch that is large enough, before it is written. They are the beginning of the next batch.
 */
final class Watch implements IngestListener {

  private static final Duration LONGEST_RECEIVE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);
  private static final int MOST_CALLS_IN_NO_TIME = 3;

  private final World world;
  private final Replica replica;
  private final IngestOptions options;
  private final boolean hasExecutor;
  private final long idleNanos;

  private long elsewhere;
  private long lastCallAt;
  private int callsInNoTime;
  private boolean hasReceivedNothing;

  private boolean active = true;
  private long silentSince;
  private final List<Arrival> inHand = new ArrayList<>();
  private final List<Arrival> ahead = new ArrayList<>();
  private int batchSize;
  private @Nullable Instant oldest;
  private boolean fetchedAhead;
  private int writesOfBatch;

  private int failuresInARow;
  private boolean mustWait;
  private Duration nextTry = Duration.ZERO;

  private boolean stopRequested;
  private long stopRequestedAt;
  private long stopDeadline;
  private long inStoreSinceStop;
  private int failuresAfterStopTime;

  private IngestCounts settled = IngestCounts.ZERO;
  private int ackedRecords;
  private int ackedLetters;
  private int nacked;
  private int nackedFromAhead;
  private boolean saidItHandedBack;
  private @Nullable Exception ending;

  Watch(World world, Replica replica, IngestOptions options, boolean hasExecutor) {
    this.world = world;
    this.replica = replica;
    this.options = options;
    this.hasExecutor = hasExecutor;
    idleNanos = options.idleLimit().map(Duration::toNanos).orElse(Long.MAX_VALUE);
  }

  private long ownTime() {
    return world.now() - elsewhere;
  }

  private void require(boolean held, Supplier<String> what) {
    if (!held) {
      throw new Violation(replica + " " + what.get());
    }
  }

  // What the engine asks for.

  void receives(int maxDeliveries, Duration maxWait) {
    require(ending == null, () -> "goes on after " + ending);
    beginWithAheadAlone();
    require(
        maxDeliveries >= 1 && maxDeliveries <= room(),
        () -> "asks for " + maxDeliveries + " deliveries where it has room for " + room());
    require(
        (inHand.isEmpty() && ahead.isEmpty()) || maxWait.isZero(),
        () -> "waits for deliveries though it has some to write");
    if (inHand.isEmpty()) {
      receivesNext(maxWait);
    } else {
      receivesAhead();
    }
  }

  /** Returns how many more deliveries the next batch may have. */
  private long room() {
    long left = options.maxDeliveries() - settled.settled() - inHand.size();
    return Math.min(options.maxBatch(), left) - ahead.size();
  }

  private void receivesNext(Duration maxWait) {
    require(!stopRequested, () -> "receives after it was told to stop");
    if (active) {
      active = false;
      silentSince = ownTime();
    }
    long silent = ownTime() - silentSince;
    require(silent - idleNanos <= LONGEST_PAUSE.toNanos(), () -> "waits on though it is idle");
    require(
        !maxWait.isNegative()
            && maxWait.compareTo(LONGEST_RECEIVE) <= 0
            && maxWait.toNanos() <= Math.max(0, idleNanos - silent),
        () -> "receives for " + maxWait + " after " + Duration.ofNanos(silent) + " of silence");
    callsInNoTime = ownTime() == lastCallAt ? callsInNoTime + 1 : 0;
    lastCallAt = ownTime();
    require(callsInNoTime <= MOST_CALLS_IN_NO_TIME, () -> "spins: it receives again and again");
  }

  private void receivesAhead() {
    require(
        hasExecutor && inHand.size() == batchSize && batchSize >= options.decodeAheadFrom(),
        () -> "receives with unsettled deliveries in hand");
    require(!fetchedAhead && writesOfBatch == 0, () -> "receives again beside one batch");
    fetchedAhead = true;
  }

  void received(List<Arrival> deliveries) {
    if (inHand.isEmpty()) {
      begin(deliveries);
    } else {
      ahead.addAll(deliveries);
      world.tally().fetchedAhead += deliveries.size();
    }
  }

  void receivedNothing() {
    boolean connected = replica.source().isConnected();
    require(
        connected || replica.unreadyBecause().isPresent(),
        () -> "says that it is ready while its source is not connected");
    if (inHand.isEmpty() && !ahead.isEmpty()) {
      begin(List.of());
    }
    hasReceivedNothing = inHand.isEmpty();
    if (hasReceivedNothing && !connected) {
      active = false;
      silentSince = ownTime();
    }
  }

  /** An engine that has fetched a whole batch ahead does not ask for more. */
  private void beginWithAheadAlone() {
    if (inHand.isEmpty() && !ahead.isEmpty() && room() == 0) {
      begin(List.of());
    }
  }

  private void begin(List<Arrival> arrived) {
    inHand.addAll(ahead);
    inHand.addAll(arrived);
    ahead.clear();
    batchSize = inHand.size();
    oldest =
        inHand.stream()
            .flatMap(arrival -> arrival.message().publishTime().stream())
            .min(Instant::compareTo)
            .orElse(null);
    active = true;
    callsInNoTime = 0;
    hasReceivedNothing = false;
    fetchedAhead = false;
    writesOfBatch = 0;
  }

  void writes(Batch<ScanRecord> batch) {
    beginWithAheadAlone();
    require(!inHand.isEmpty(), () -> "writes with nothing in hand");
    require(ending == null, () -> "goes on after " + ending);
    require(!mustWait, () -> "tries again without a wait");
    batch.records().forEach(this::requireOutcome);
    batch.deadLetters().forEach(this::requireOutcome);
    if (writesOfBatch == 0) {
      requireWhole(batch);
    }
    writesOfBatch++;
    require(writesOfBatch <= 3 * batchSize + 2, () -> "spins: it writes again and again");
  }

  private void requireOutcome(Decoded<ScanRecord> decoded) {
    require(
        inHand.stream()
            .anyMatch(
                arrival ->
                    arrival.message() == decoded.message()
                        && arrival
                            .published()
                            .decoded()
                            .record()
                            .equals(Optional.of(decoded.record()))),
        () -> "writes what is no outcome of a delivery in hand: " + decoded);
  }

  private void requireOutcome(DeadLetter letter) {
    require(
        inHand.stream()
            .anyMatch(
                arrival ->
                    arrival.published().isKeptIn(letter)
                        && arrival
                            .published()
                            .meant()
                            .reason()
                            .equals(Optional.of(letter.reason()))),
        () -> "writes what is no outcome of a delivery in hand: " + letter);
  }

  /** Each delivery has one outcome, in the order of arrival. */
  private void requireWhole(Batch<ScanRecord> batch) {
    Iterator<Decoded<ScanRecord>> records = batch.records().iterator();
    Iterator<DeadLetter> letters = batch.deadLetters().iterator();
    for (Arrival arrival : inHand) {
      Published published = arrival.published();
      require(
          published.decoded().record().isPresent()
              ? records.hasNext() && records.next().message() == published.message()
              : letters.hasNext() && published.isKeptIn(letters.next()),
          () -> "writes no outcome of " + arrival + " in its place");
    }
    require(!records.hasNext() && !letters.hasNext(), () -> "writes more than it received");
  }

  void wrote() {
    failuresInARow = 0;
  }

  void refused() {
    world.tally().refusals++;
    failuresInARow = 0;
  }

  void failed() {
    // A try that failed for the store's sake is no step of isolating a record.
    writesOfBatch--;
    mustWait = true;
    if (isStopTimeOver()) {
      failuresAfterStopTime++;
    }
    require(failuresAfterStopTime <= 1, () -> "tries on after the stop time");
  }

  void waits(Duration longest) {
    if (hasReceivedNothing) {
      hasReceivedNothing = false;
      require(
          longest.compareTo(LONGEST_PAUSE) <= 0, () -> "waits " + longest + " between receives");
      return;
    }
    require(mustWait, () -> "waits without need");
    mustWait = false;
    require(
        stopRequested ? longest.compareTo(nextTry) <= 0 : longest.equals(nextTry),
        () -> "waits " + longest + " where it said " + nextTry);
  }

  void acked(Arrival arrival) {
    Published message = arrival.published();
    require(
        world.ledger().isDurable(message),
        () ->
            "acks what is not durable: %s (%s), which must become %s"
                .formatted(
                    message,
                    message.message(),
                    message
                        .meant()
                        .record()
                        .<Object>map(record -> record)
                        .or(() -> message.meant().reason())
                        .orElseThrow()));
    require(inHand.remove(arrival), () -> "acks " + arrival + ", which it has not written");
    if (message.meant().record().isPresent()) {
      ackedRecords++;
    } else {
      ackedLetters++;
    }
  }

  void nacked(Arrival arrival) {
    if (inHand.remove(arrival)) {
      nacked++;
    } else {
      require(ahead.remove(arrival), () -> "hands back " + arrival + ", which it has not received");
      nackedFromAhead++;
    }
  }

  // What the world does to the engine.

  void passElsewhere(long nanos) {
    elsewhere += nanos;
  }

  void passInStore(long nanos) {
    world.advance(nanos);
    if (stopRequested) {
      inStoreSinceStop += nanos;
    }
  }

  void stopRequested() {
    if (!stopRequested) {
      stopRequested = true;
      stopRequestedAt = ownTime();
      stopDeadline = world.now() + options.stopWithin().toNanos();
    }
  }

  private boolean isStopTimeOver() {
    return stopRequested && world.now() >= stopDeadline;
  }

  /** The engine is to end with this exception. */
  <E extends Exception> E ends(E with) {
    ending = with;
    return with;
  }

  /** Ends the engine, unless a batch is in hand: that is written, and the next receive fails. */
  SourceException sourceFails(SourceException with) {
    return inHand.isEmpty() ? ends(with) : with;
  }

  // What the engine tells.

  @Override
  public void rejected(DeadLetter kept) {
    require(
        kept.detail().chars().noneMatch(Character::isISOControl),
        () -> "tells what is harmful to show: " + kept.detail());
  }

  @Override
  public void storeDown(StoreDown event) {
    Duration wait = event.nextTry();
    Duration downFor = event.downFor();
    Duration full = fullWait();
    failuresInARow++;
    require(
        event.attempt() == failuresInARow,
        () -> "tells of failure " + event.attempt() + ", not " + failuresInARow);
    Duration limit = options.storeDownLimit().orElse(null);
    boolean last = limit != null && downFor.plus(wait).compareTo(limit) == 0;
    require(
        wait.compareTo(full) <= 0 && (last || wait.compareTo(full.dividedBy(2)) >= 0),
        () -> "is to wait " + wait + " after failure " + failuresInARow + ", of at most " + full);
    require(
        limit == null || downFor.plus(wait).compareTo(limit) <= 0,
        () -> "is to wait longer than until it gives up");
    require(
        replica.unreadyBecause().filter(why -> why.contains("store")).isPresent(),
        () -> "says that it is ready while the store is down");
    nextTry = wait;
  }

  /** What the wait after so many failures in a row is, before it is jittered. */
  private Duration fullWait() {
    Duration full = options.firstRetryWait();
    for (int i = 0; i < failuresInARow && full.compareTo(options.longestRetryWait()) < 0; i++) {
      full = full.multipliedBy(2);
    }
    return full.compareTo(options.longestRetryWait()) < 0 ? full : options.longestRetryWait();
  }

  @Override
  public void storeUp(StoreUp event) {
    require(
        replica.unreadyBecause().filter(why -> why.contains("store")).isEmpty(),
        () -> "says that the store is down when it is up again");
  }

  @Override
  public void batchSettled(BatchSettled event) {
    IngestCounts batch = event.batch();
    IngestCounts total = event.total();
    require(
        batch.stored() + batch.stale() == ackedRecords && batch.deadLetters() == ackedLetters,
        () ->
            "counts %s where %d records and %d dead letters were acked"
                .formatted(batch, ackedRecords, ackedLetters));
    require(inHand.isEmpty() && nacked == 0, () -> "has not acked all of its batch");
    require(
        event.oldestPublished().equals(Optional.ofNullable(oldest)),
        () -> "says that its oldest message is of " + event.oldestPublished() + ", not " + oldest);
    settled = settled.plus(batch);
    require(total.equals(settled), () -> "counts " + total + " where it settled " + settled);
    world.tally().batches++;
    ackedRecords = 0;
    ackedLetters = 0;
  }

  @Override
  public void handedBack(HandedBack event) {
    require(isStopTimeOver(), () -> "hands back before the stop time is over");
    require(
        event.deliveries() == nacked,
        () -> "says that it handed back " + event.deliveries() + ", not " + nacked);
    saidItHandedBack = true;
  }

  // How the engine ends.

  void returned(IngestCounts counts) {
    require(ending == null, () -> "swallows " + ending);
    require(counts.equals(settled), () -> "returns " + counts + " where it settled " + settled);
    long left = options.maxDeliveries() - settled.settled();
    boolean idle = idleNanos <= world.now() - silentSince && replica.source().isConnected();
    require(left >= 0, () -> "settles more than it may");
    require(stopRequested || left == 0 || idle, () -> "ends without a reason");
    require(nacked == 0 || saidItHandedBack, () -> "hands back what it could have written");
    require(
        nackedFromAhead == 0 || stopRequested,
        () -> "hands back what it fetched ahead, though nobody stopped it");
    ended();
  }

  void threw(Exception e) {
    if (e instanceof GaveUpException) {
      require(options.storeDownLimit().isPresent(), () -> "gives up though nobody told it to");
      world.tally().outagesGivenUpOn++;
    } else if (e != ending) {
      throw new Violation(replica + " ends with " + e + ", not " + Objects.toString(ending), e);
    }
    require(replica.counts().equals(settled), () -> "counts other than it settled");
    ended();
  }

  private void ended() {
    world.tally().handedBack += nacked + nackedFromAhead;
    world.tally().handedBackFromAhead += nackedFromAhead;
    world.tally().deadLetters += settled.deadLetters();
    require(ackedRecords + ackedLetters == 0, () -> "acked without counting");
    require(
        replica.source().unsettled().isEmpty(),
        () -> "ends without settling " + replica.source().unsettled());
    require(replica.source().isStopped(), () -> "ends without stopping its source");
    long stopping = ownTime() - stopRequestedAt - inStoreSinceStop;
    require(
        !stopRequested || stopping <= options.stopWithin().toNanos(),
        () -> "takes " + Duration.ofNanos(stopping) + " to stop, beside the store's own time");
  }
}
