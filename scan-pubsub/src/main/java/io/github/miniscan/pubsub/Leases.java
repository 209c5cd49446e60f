package io.github.miniscan.pubsub;

import com.google.protobuf.Timestamp;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.ReceivedMessage;
import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.SourceListener;
import io.github.miniscan.ingest.SourceListener.AcksGivenUp;
import io.github.miniscan.ingest.SourceListener.LeasesExtended;
import io.github.miniscan.ingest.SourceListener.LeasesLost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of all deliveries that are not settled, with the acks and nacks that settle them.
 *
 * <p>A lease is extended when half of it is over, by at most {@link Timing#lease}, as often as
 * needed; a delivery that is settled sooner costs no call. Where an extension does not succeed in
 * time, the lease is lost. Deliveries that were not received by then are dropped, since the queue
 * redelivers them.
 */
final class Leases {

  /** The most deliveries of a lease, so that a whole one fits in one call. */
  private static final int MAX_LEASE = 1_000;

  private static final int MAX_LEASE_ID_BYTES = Outbox.MAX_ID_BYTES / 2;
  private static final Logger log = LoggerFactory.getLogger(Leases.class);

  private final SubscriptionCalls calls;
  private final String subscription;
  private final SourceListener listener;
  private final SourceThread thread;
  private final Timing timing;
  private final FlowControl flowControl;
  private final Outbox acks;
  private final Outbox nacks;
  private final Set<Lease> leases = ConcurrentHashMap.newKeySet();

  Leases(
      SubscriptionCalls calls,
      PubSubOptions options,
      SourceThread thread,
      Timing timing,
      FlowControl flowControl) {
    subscription = options.subscription();
    listener = options.listener();
    this.calls = calls;
    this.thread = thread;
    this.timing = timing;
    this.flowControl = flowControl;
    acks =
        new Outbox(
            "acks",
            calls::acknowledge,
            thread,
            timing,
            count -> listener.acksGivenUp(AcksGivenUp.of(count)));
    nacks =
        new Outbox(
            "nacks", ackIds -> calls.lease(ackIds, Duration.ZERO), thread, timing, count -> {});
  }

  /** Deliveries that arrived, with their share of the budget. */
  record Admitted(List<PubSubDelivery> deliveries, long bytes) {}

  /**
   * Takes responsibility for messages that have arrived.
   *
   * @param leaseLength the length of their leases; null when it is not known
   * @param transfer the time that they took to arrive, while they were leased already
   */
  Admitted admit(List<ReceivedMessage> arrived, @Nullable Duration leaseLength, Duration transfer) {
    if (leaseLength != null && transfer.compareTo(leaseLength) > 0) {
      log.warn(
          "{} messages took {} s to arrive, and their leases last {} s, so they are redelivered:"
              + " use a faster link, or give the subscription a longer ack deadline",
          arrived.size(),
          transfer.toSeconds(),
          leaseLength.toSeconds());
    }
    List<PubSubDelivery> deliveries = new ArrayList<>(arrived.size());
    long now = System.nanoTime();
    long bytes = 0;
    int from = 0;
    while (from < arrived.size()) {
      int to = endOfLease(arrived, from);
      bytes += admit(arrived.subList(from, to), leaseLength, transfer, now, deliveries);
      from = to;
    }
    return new Admitted(deliveries, bytes);
  }

  private static int endOfLease(List<ReceivedMessage> arrived, int from) {
    int to = from;
    int bytes = 0;
    while (to < arrived.size() && to - from < MAX_LEASE && bytes < MAX_LEASE_ID_BYTES) {
      bytes += arrived.get(to).getAckId().length();
      to++;
    }
    return to;
  }

  private long admit(
      List<ReceivedMessage> arrived,
      @Nullable Duration leaseLength,
      Duration transfer,
      long now,
      List<PubSubDelivery> deliveries) {
    List<String> ackIds = new ArrayList<>(arrived.size());
    for (ReceivedMessage received : arrived) {
      ackIds.add(received.getAckId());
    }
    Duration known = leaseLength == null ? timing.lease() : leaseLength;
    Lease lease = new Lease(ackIds, now, known.toNanos());
    long bytes = 0;
    for (int i = 0; i < arrived.size(); i++) {
      ReceivedMessage received = arrived.get(i);
      Message message = messageOf(received.getMessage());
      long cost = ByteBudget.costOf(message);
      flowControl.take(cost);
      bytes += cost;
      deliveries.add(new PubSubDelivery(message, received.getDeliveryAttempt(), lease, i, this));
    }
    leases.add(lease);
    boolean arrivedLate = transfer.compareTo(known.dividedBy(4)) > 0;
    if (arrivedLate || leaseLength == null || leaseLength.compareTo(timing.lease()) > 0) {
      lease.renewAtOnce();
      thread.execute(this::renew);
    }
    return bytes;
  }

  private static Message messageOf(PubsubMessage message) {
    Timestamp time = message.getPublishTime();
    return new Message(
        message.getMessageId(),
        message.getData().toByteArray(),
        message.getAttributesCount() == 0 ? Map.of() : message.getAttributesMap(),
        message.hasPublishTime()
            ? Instant.ofEpochSecond(time.getSeconds(), time.getNanos())
            : null);
  }

  /** Hands back messages that arrive after the stop. */
  void refuse(List<ReceivedMessage> arrived) {
    for (ReceivedMessage received : arrived) {
      nacks.add(received.getAckId());
    }
  }

  void ack(String ackId) {
    acks.add(ackId);
  }

  void nack(String ackId) {
    nacks.add(ackId);
  }

  /** Gives back the share of a delivery that is settled or dropped. */
  void release(long cost, Lease lease) {
    flowControl.giveBack(cost);
    if (lease.isSettled()) {
      leases.remove(lease);
    }
  }

  /** Extends the leases that are due. Called by the source's thread again and again. */
  void renew() {
    long now = System.nanoTime();
    Renewal renewal = new Renewal(now);
    dropLost(now);
    for (Lease lease : leases) {
      if (!lease.renewing && lease.isDue(now)) {
        if (!renewal.hasRoomFor(lease)) {
          renewal.send();
          renewal = new Renewal(now);
        }
        renewal.add(lease);
      }
    }
    renewal.send();
  }

  private void dropLost(long now) {
    int lost = 0;
    for (Iterator<Lease> each = leases.iterator(); each.hasNext(); ) {
      Lease lease = each.next();
      if (lease.isLost(now)) {
        lost += lease.unsettled();
        each.remove();
      }
    }
    if (lost > 0) {
      log.warn(
          "the leases of {} messages of {} ran out: they will be redelivered", lost, subscription);
      listener.leasesLost(LeasesLost.of(lost));
    }
  }

  /** Hands back all deliveries that are not settled, received or not. */
  void handBack() {
    for (Lease lease : leases) {
      lease.forEachUnsettled(this::nack);
    }
    leases.clear();
  }

  /** Tells the listener about acks that did not reach the server before closing. */
  void tellUnsentAcks() {
    int unsent = acks.unfinished();
    if (unsent > 0) {
      listener.acksGivenUp(AcksGivenUp.of(unsent));
    }
  }

  /** Waits until acks and nacks are sent and answered. */
  boolean awaitSent(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    return acks.awaitEmpty(longest)
        && nacks.awaitEmpty(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
  }

  /** A call that extends whole leases. */
  private final class Renewal {
    private final long now;
    private final List<Lease> renewed = new ArrayList<>();
    private final List<String> ackIds = new ArrayList<>();
    private int bytes;

    Renewal(long now) {
      this.now = now;
    }

    boolean hasRoomFor(Lease lease) {
      return ackIds.size() + lease.size() <= Outbox.MAX_IDS && bytes < MAX_LEASE_ID_BYTES;
    }

    void add(Lease lease) {
      lease.renewing = true;
      renewed.add(lease);
      lease.forEachUnsettled(
          ackId -> {
            ackIds.add(ackId);
            bytes += ackId.length();
          });
    }

    void send() {
      if (!ackIds.isEmpty()) {
        CallResult.of(
            calls.lease(ackIds, timing.lease()),
            done -> thread.execute(this::done),
            failure -> thread.execute(() -> failed(failure)),
            thread::broken);
      }
    }

    private void done() {
      for (Lease lease : renewed) {
        lease.renewing = false;
        lease.renewed(now, timing.lease().toNanos());
      }
      listener.leasesExtended(LeasesExtended.of(ackIds.size()));
    }

    /** Notes a failure; a transient one is retried at the next check. */
    private void failed(Throwable failure) {
      Failures.rethrowError(failure);
      boolean passing = Failures.isPassing(failure);
      log.debug("leases not renewed: {}", Failures.detail(failure));
      for (Lease lease : renewed) {
        lease.renewing = false;
        if (!passing) {
          lease.lose();
        }
      }
    }
  }
}
