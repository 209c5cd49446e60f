package io.github.miniscan.proof.simulation;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.ingest.GaveUpException;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestListener;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.store.Batch;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each step of one engine, and objects to what an engine may not do. Its own time is the
 * engine's: what passes while another replica runs inside a step does not count.
 */
final class Watch implements IngestListener {

  private static final Duration LONGEST_RECEIVE = Duration.ofMinutes(1);
  private static final int MOST_CALLS_IN_NO_TIME = 3;

  private final World world;
  private final Replica replica;
  private final IngestOptions options;
  private final long idleNanos;

  private long elsewhere;
  private long lastCallAt;
  private int callsInNoTime;

  private boolean active = true;
  private long silentSince;
  private int unsettledCount;
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
  private boolean saidItHandedBack;
  private @Nullable Exception ending;

  Watch(World world, Replica replica, IngestOptions options) {
    this.world = world;
    this.replica = replica;
    this.options = options;
    Duration idleLimit = options.idleLimit();
    idleNanos = idleLimit == null ? Long.MAX_VALUE : idleLimit.toNanos();
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
    require(!stopRequested, () -> "receives after it was told to stop");
    require(ending == null, () -> "goes on after " + ending);
    require(unsettledCount == 0, () -> "receives with unsettled deliveries in hand");
    require(
        maxDeliveries >= 1
            && maxDeliveries <= options.maxBatch()
            && maxDeliveries <= options.maxDeliveries() - settled.settled(),
        () -> "asks for " + maxDeliveries + " deliveries, against " + options);
    if (active) {
      active = false;
      silentSince = ownTime();
    }
    long silent = ownTime() - silentSince;
    require(silent < idleNanos, () -> "waits on though it is idle");
    require(
        !maxWait.isNegative()
            && maxWait.compareTo(LONGEST_RECEIVE) <= 0
            && maxWait.toNanos() <= idleNanos - silent,
        () -> "receives for " + maxWait + " after " + Duration.ofNanos(silent) + " of silence");
    callsInNoTime = ownTime() == lastCallAt ? callsInNoTime + 1 : 0;
    lastCallAt = ownTime();
    require(callsInNoTime <= MOST_CALLS_IN_NO_TIME, () -> "spins: it receives again and again");
  }

  void received(int deliveries) {
    if (deliveries > 0) {
      active = true;
      callsInNoTime = 0;
      unsettledCount = deliveries;
      writesOfBatch = 0;
    }
  }

  void receivedNothing() {
    if (!replica.source().isConnected()) {
      active = true;
      require(
          replica.unreadyBecause().isPresent(),
          () -> "says that it is ready while its source is not connected");
    }
  }

  void writes(Batch<ScanRecord> batch) {
    require(unsettledCount > 0, () -> "writes with nothing in hand");
    require(ending == null, () -> "goes on after " + ending);
    require(!mustWait, () -> "tries again without a wait");
    require(
        batch.records().size() + batch.deadLetters().size() <= unsettledCount,
        () -> "writes more than it received");
    writesOfBatch++;
    require(writesOfBatch <= 3 * unsettledCount + 2, () -> "spins: it writes again and again");
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
    require(mustWait, () -> "waits without need");
    mustWait = false;
    require(
        stopRequested ? longest.compareTo(nextTry) <= 0 : longest.equals(nextTry),
        () -> "waits " + longest + " where it said " + nextTry);
  }

  void acked(Published message) {
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
    if (message.meant().record().isPresent()) {
      ackedRecords++;
    } else {
      ackedLetters++;
    }
    unsettledCount--;
  }

  void nacked() {
    nacked++;
    unsettledCount--;
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

  // What the engine tells.

  @Override
  public void rejected(Message message, Reason reason, String detail) {
    require(
        detail.chars().noneMatch(Character::isISOControl),
        () -> "tells what is harmful to show: detail");
  }

  @Override
  public void storeDown(RuntimeException failure, Duration downFor, Duration wait) {
    Duration full = fullWait();
    failuresInARow++;
    Duration limit = options.storeDownLimit();
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
  public void storeUp(Duration downFor) {
    require(
        replica.unreadyBecause().filter(why -> why.contains("store")).isEmpty(),
        () -> "says that the store is down when it is up again");
  }

  @Override
  public void batchSettled(IngestCounts batch, IngestCounts total) {
    require(
        batch.stored() + batch.stale() == ackedRecords && batch.deadLetters() == ackedLetters,
        () ->
            "counts %s where %d records and %d dead letters were acked"
                .formatted(batch, ackedRecords, ackedLetters));
    require(unsettledCount == 0 && nacked == 0, () -> "has not acked all of its batch");
    settled = settled.plus(batch);
    require(total.equals(settled), () -> "counts " + total + " where it settled " + settled);
    world.tally().batches++;
    ackedRecords = 0;
    ackedLetters = 0;
  }

  @Override
  public void handedBack(int deliveries) {
    require(isStopTimeOver(), () -> "hands back before the stop time is over");
    require(
        deliveries == nacked, () -> "says that it handed back " + deliveries + ", not " + nacked);
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
    ended();
  }

  void threw(Exception e) {
    if (e instanceof GaveUpException) {
      require(options.storeDownLimit() != null, () -> "gives up though nobody told it to");
      world.tally().outagesGivenUpOn++;
    } else if (e != ending) {
      throw new Violation(replica + " ends with " + e + ", not " + Objects.toString(ending), e);
    }
    require(replica.counts().equals(settled), () -> "counts other than it settled");
    ended();
  }

  private void ended() {
    world.tally().handedBack += nacked;
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
