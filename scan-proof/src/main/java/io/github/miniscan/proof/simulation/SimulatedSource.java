package io.github.miniscan.proof.simulation;

import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.ingest.SourceException;
import io.github.miniscan.proof.simulation.Subscription.Lease;
import io.github.miniscan.proof.simulation.Subscription.Slot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One consumer's side of the deliveries: fetches up to a limit, extends leases while it lives, and
 * sends acks that may be late or lost.
 *
 * <p>In the streaming way messages are pushed whenever there is room; in the unary way they come as
 * responses, which may be lost when the messages are leased already.
 */
final class SimulatedSource implements MessageSource {

  private static final long LEASE = Duration.ofSeconds(60).toNanos();
  private static final long UNARY_LEASE = Duration.ofSeconds(10).toNanos();
  private static final int LONGEST_DISCONNECTION_MILLIS = 100_000;
  private static final int LATEST_ACK_MILLIS = 20_000;

  private final World world;
  private final Replica replica;
  private final boolean unary;
  private final int maxOutstanding;
  private final ByteBudget budget;
  private final Deque<Arrival> inbox = new ArrayDeque<>();
  private final List<Arrival> held = new ArrayList<>();
  private final List<Late> late = new ArrayList<>();
  private long disconnectedUntil;
  private boolean stalled;
  private boolean lost;
  private boolean stopped;
  private boolean gone;

  SimulatedSource(World world, Replica replica) {
    this.world = world;
    this.replica = replica;
    Chance chance = world.chance();
    unary = chance.onceIn(2);
    maxOutstanding = chance.onceIn(2) ? 1_000 : chance.between(1, 12);
    budget = ByteBudget.ofBytes(chance.onceIn(3) ? chance.between(1, 5_000) : 1_000_000);
  }

  private record Late(Runnable sending, long at) {}

  @Override
  public List<Delivery> receive(int maxDeliveries, Duration maxWait) throws InterruptedException {
    replica.watch().receives(maxDeliveries, maxWait);
    replica.point();
    replica.maybeInterrupted();
    if (lost || world.strikes(Fault.LOST_SUBSCRIPTION)) {
      lost = true;
      throw replica.watch().sourceFails(new SourceException("the subscription is gone"));
    }
    long end = world.now() + maxWait.toNanos();
    while (!stopped) {
      fetch();
      List<Delivery> taken = take(maxDeliveries);
      if (!taken.isEmpty()) {
        replica.point();
        return taken;
      }
      if (world.now() >= end) {
        break;
      }
      if (world.isSettled()) {
        replica.stopAtTheEnd();
      }
      if (!stopped) {
        world.advance(Math.min(end, nextChange()) - world.now());
        replica.point();
      }
    }
    replica.watch().receivedNothing();
    return List.of();
  }

  private long nextChange() {
    long change = world.subscription().nextChange(world.now());
    for (Late ack : late) {
      change = Math.min(change, ack.at);
    }
    return isConnected() ? change : Math.max(change, disconnectedUntil);
  }

  private void fetch() {
    if (isConnected() && world.strikes(Fault.DISCONNECTION)) {
      disconnectedUntil = world.now() + millisBelow(LONGEST_DISCONNECTION_MILLIS);
    }
    if (!isConnected()) {
      return;
    }
    if (hasRoom() && world.strikes(Fault.DUPLICATE)) {
      Slot slot = world.subscription().any(world.now());
      if (slot != null) {
        arrive(slot);
      }
    }
    List<Slot> deliverable = world.subscription().deliverable(world.now());
    boolean lost = unary && !deliverable.isEmpty() && world.strikes(Fault.LOST_RESPONSE);
    int left = Math.min(deliverable.size(), world.arrivals());
    while (left > 0 && hasRoom()) {
      Slot slot = deliverable.remove(world.isReordered() ? below(deliverable.size()) : 0);
      if (lost) {
        world.subscription().lease(slot, world.now(), UNARY_LEASE);
      } else {
        arrive(slot);
      }
      left--;
    }
  }

  private void arrive(Slot slot) {
    long length = unary ? UNARY_LEASE : LEASE;
    Arrival arrival = new Arrival(world.subscription().lease(slot, world.now(), length));
    budget.take(arrival.cost);
    held.add(arrival);
    inbox.add(arrival);
  }

  private boolean hasRoom() {
    return held.isEmpty() || (held.size() < maxOutstanding && budget.hasRoom());
  }

  private List<Delivery> take(int maxDeliveries) {
    List<Arrival> taken = new ArrayList<>();
    while (taken.size() < maxDeliveries && !inbox.isEmpty()) {
      Arrival next = inbox.remove();
      if (next.lost) {
        next.letGo();
      } else {
        next.received = true;
        taken.add(next);
      }
    }
    if (!taken.isEmpty()) {
      world.trace(replica, () -> "receives " + taken);
      replica.watch().received(taken);
    }
    return List.copyOf(taken);
  }

  private int below(int bound) {
    return world.chance().below(bound);
  }

  private long millisBelow(int bound) {
    return Duration.ofMillis(below(bound)).toNanos();
  }

  /** Time went by since then: extends leases, unless something keeps it from doing so. */
  void timePassed(long since) {
    boolean away = stalled || disconnectedUntil > since;
    for (Arrival arrival : held) {
      Lease lease = arrival.lease;
      boolean due = lease.endsAt - world.now() < LEASE / 2;
      if (due && !arrival.lost) {
        arrival.lost = away ? lease.endsAt <= world.now() : world.strikes(Fault.LOST_RENEWAL);
        if (!away && !arrival.lost) {
          lease.endsAt = world.now() + LEASE;
        }
      }
    }
    for (int i = late.size() - 1; i >= 0; i--) {
      if (late.get(i).at <= world.now()) {
        late.remove(i).sending.run();
      }
    }
  }

  /** The whole process stands still, or goes on. */
  void stall(boolean stalled) {
    this.stalled = stalled;
  }

  @Override
  public boolean isConnected() {
    return world.now() >= disconnectedUntil;
  }

  @Override
  public void stop() {
    if (gone || stopped) {
      return;
    }
    stopped = true;
    while (!inbox.isEmpty()) {
      Arrival unreceived = inbox.remove();
      unreceived.letGo();
      world.subscription().release(unreceived.lease);
    }
  }

  boolean isStopped() {
    return stopped;
  }

  /** What was received and is not settled. */
  List<Arrival> unsettled() {
    return held.stream().filter(arrival -> arrival.received).toList();
  }

  long bytesHeld() {
    return budget.held();
  }

  @Override
  public void close() {
    stop();
    late.forEach(ack -> ack.sending.run());
    late.clear();
    gone = true;
  }

  /** The process is no more: nobody extends leases, and what was not sent never is. */
  void crash() {
    gone = true;
  }

  /** One arrival of a message. */
  final class Arrival implements Delivery {
    final Lease lease;
    private final long cost;
    private boolean received;
    private boolean lost;
    private boolean settled;

    private Arrival(Lease lease) {
      this.lease = lease;
      cost = ByteBudget.costOf(message());
    }

    Published published() {
      return lease.slot.published;
    }

    @Override
    public Message message() {
      return published().message();
    }

    @Override
    public int attempt() {
      return lease.attempt;
    }

    @Override
    public void ack() {
      if (settled || gone) {
        return;
      }
      replica.point();
      letGo();
      world.trace(replica, () -> "acks " + this);
      replica.watch().acked(this);
      send(() -> world.subscription().ack(lease, world.now()));
      replica.point();
    }

    @Override
    public void nack() {
      if (settled || gone) {
        return;
      }
      replica.point();
      letGo();
      world.trace(replica, () -> "nacks " + this);
      replica.watch().nacked(this);
      send(() -> world.subscription().release(lease));
    }

    private void send(Runnable sending) {
      if (world.strikes(Fault.LOST_ACK)) {
        return;
      }
      if (world.strikes(Fault.LATE_ACK)) {
        late.add(new Late(sending, world.now() + millisBelow(LATEST_ACK_MILLIS)));
      } else {
        sending.run();
      }
    }

    private void letGo() {
      settled = true;
      held.remove(this);
      budget.giveBack(cost);
    }

    @Override
    public String toString() {
      return lease.toString();
    }
  }
}
