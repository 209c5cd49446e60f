package io.github.miniscan.pubsub;

import com.google.protobuf.Timestamp;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.ReceivedMessage;
import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that was delivered and is not settled: keeps the leases and takes in what settles
 * them.
 *
 * <p>A lease is renewed when half of it is over, by at most {@link Timing#lease}, however often it
 * takes; what is settled sooner costs no call. Where a renewal does not come through in time, the
 * lease is lost: what nobody has received is dropped, since the queue gives it to someone else.
 */
final class Holdings {

  /** Few enough that a whole lease fits in one call. */
  private static final int MAX_LEASE = 1_000;

  private static final int MAX_LEASE_ID_BYTES = Outbox.MAX_ID_BYTES / 2;
  private static final Logger log = LoggerFactory.getLogger(Holdings.class);

  private final SubscriptionCalls calls;
  private final SourceThread thread;
  private final Timing timing;
  private final Room room;
  private final Outbox acks;
  private final Outbox nacks;
  private final Set<Lease> leases = ConcurrentHashMap.newKeySet();

  Holdings(SubscriptionCalls calls, SourceThread thread, Timing timing, Room room) {
    this.calls = calls;
    this.thread = thread;
    this.timing = timing;
    this.room = room;
    acks = new Outbox("acks", calls::acknowledge, thread, timing);
    nacks = new Outbox("nacks", ackIds -> calls.lease(ackIds, Duration.ZERO), thread, timing);
  }

  /** What has arrived, with its price. */
  record Admitted(List<PubSubDelivery> deliveries, long bytes) {}

  /**
   * Takes responsibility for what has arrived.
   *
   * @param leaseLength how long the server holds it for us; null when that is not known
   * @param transfer how long it took to arrive, while the server held it already
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
      room.take(cost);
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

  /** Hands back what arrives too late to be taken in. */
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

  /** A delivery is settled or dropped. */
  void release(long cost, Lease lease) {
    room.giveBack(cost);
    if (lease.isSettled()) {
      leases.remove(lease);
    }
  }

  /** Looks all leases over; to be called by the source's thread, every now and then. */
  void renew() {
    long now = System.nanoTime();
    Renewal renewal = new Renewal(now);
    leases.removeIf(lease -> lease.isLost(now));
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

  /** Hands back everything that is held, received or not. */
  void handBack() {
    for (Lease lease : leases) {
      lease.forEachUnsettled(this::nack);
    }
    leases.clear();
  }

  /** Waits until acks and nacks are sent and answered. */
  boolean awaitSent(Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    return acks.awaitEmpty(longest)
        && nacks.awaitEmpty(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
  }

  /** One call that renews whole leases. */
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
        Outcome.of(
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
    }

    /** What passes is tried again at the next look. */
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
