package io.github.miniscan.pubsub.emulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.pubsub.v1.DeadLetterPolicy;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.RetryPolicy;
import com.google.pubsub.v1.StreamingPullResponse;
import com.google.pubsub.v1.StreamingPullResponse.SubscriptionProperties;
import com.google.pubsub.v1.Subscription;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one subscription and the consumers that share it. One lock guards everything and
 * is never held while something is sent; that of a stream is taken before it, never after.
 * Deliveries to streams and waiting pulls are made by one task at a time, which takes turns between
 * them.
 */
final class SubscriptionQueue {
  private final Broker broker;
  private final int number;
  private final ByteString answerSuffix;
  private final AtomicInteger pendingDispatch = new AtomicInteger();

  private final FreshMessages fresh = new FreshMessages();
  private final Deque<Lease> returned = new ArrayDeque<>();
  private final LeaseTimers timers = new LeaseTimers();
  private final List<@Nullable Lease> slots = new ArrayList<>();
  private final Deque<Integer> freeSlots = new ArrayDeque<>();

  /** With message ordering: for each key that has a message under way, those that come after it. */
  private final Map<String, Deque<StoredMessage>> laterByKey = new HashMap<>();

  private final List<PullStream> streams = new ArrayList<>();
  private final Deque<WaitingPull> waitingPulls = new ArrayDeque<>();
  private final List<Lease> exhausted = new ArrayList<>();
  private Subscription config;
  private boolean deleted;
  private int nextStream;
  private long lastDelivery;
  private long published;
  private long backlog;
  private long outstanding;
  private long acked;
  private long deadLettered;
  private long delivered;
  private long nacked;
  private long expired;

  /**
   * An empty queue.
   *
   * @param number tells its ack ids from those of other queues
   */
  SubscriptionQueue(Broker broker, Subscription config, int number) {
    this.broker = broker;
    this.config = config;
    this.number = number;
    this.answerSuffix =
        config.getEnableMessageOrdering()
            ? StreamingPullResponse.newBuilder()
                .setSubscriptionProperties(
                    SubscriptionProperties.newBuilder().setMessageOrderingEnabled(true))
                .build()
                .toByteString()
            : ByteString.EMPTY;
  }

  synchronized Subscription config() {
    return config;
  }

  synchronized void configure(Subscription newConfig) {
    config = newConfig;
  }

  synchronized SubscriptionCounts counts() {
    return new SubscriptionCounts(
        published,
        backlog,
        outstanding,
        acked,
        deadLettered,
        delivered,
        nacked,
        expired,
        streams.size());
  }

  void publish(List<StoredMessage> messages) {
    synchronized (this) {
      if (deleted) {
        return;
      }
      for (StoredMessage message : messages) {
        int copies = 1 + broker.faults().extraCopies();
        for (int i = 0; i < copies; i++) {
          accept(message);
        }
        broker.journal().published(config.getName(), message);
      }
    }
    dispatch();
  }

  void open(PullStream stream) {
    synchronized (this) {
      checkNotDeleted();
      streams.add(stream);
    }
    dispatch();
  }

  /** Ends a stream's deliveries. What it holds stays leased until its deadline. */
  synchronized void close(PullStream stream) {
    streams.remove(stream);
  }

  synchronized void changeAckDeadline(PullStream stream, int seconds) {
    stream.ackDeadlineSeconds = seconds;
  }

  void failStreams(Status status) {
    List<PullStream> failed;
    synchronized (this) {
      failed = List.copyOf(streams);
      streams.clear();
    }
    failed.forEach(stream -> stream.fail(status));
  }

  /** Answers as soon as there is a message, and without one when the wait is over. */
  void pull(StreamObserver<Deliveries> client, int maxMessages, long waitMillis) {
    WaitingPull pull;
    Deliveries found;
    synchronized (this) {
      checkNotDeleted();
      pull = new WaitingPull(client, maxMessages, broker.millis() + waitMillis);
      found = take(null, maxMessages);
      if (found.count() == 0 && waitMillis > 0) {
        waitingPulls.add(pull);
        return;
      }
    }
    pull.answer(found);
  }

  void acknowledge(List<String> ackIds) {
    synchronized (this) {
      long now = broker.millis();
      for (String ackId : ackIds) {
        Lease lease = find(ackId);
        if (lease != null && !broker.faults().dropsAck()) {
          broker.journal().acked(config.getName(), lease.message, now);
          settle(lease);
          acked++;
        }
      }
    }
    dispatch();
  }

  /** A deadline of 0 hands the message back at once. */
  void modifyAckDeadline(String ackId, int seconds) {
    synchronized (this) {
      Lease lease = find(ackId);
      if (lease == null || lease.state != Lease.State.OUTSTANDING) {
        return;
      }
      long now = broker.millis();
      if (seconds > 0) {
        timers.schedule(lease, now + seconds * 1000L);
        return;
      }
      nacked++;
      broker.journal().nacked(config.getName(), lease.message);
      giveBack(lease, now);
    }
  }

  /** Delivers what {@link #modifyAckDeadline} handed back. */
  void afterModifyAckDeadline() {
    moveExhausted();
    dispatch();
  }

  /** Drops what was published before the instant, as if it had been acked. */
  void seek(long untilMillis) {
    synchronized (this) {
      drop(message -> message.publishMillis() < untilMillis);
    }
    dispatch();
  }

  private void drop(Predicate<StoredMessage> chosen) {
    for (Deque<StoredMessage> later : laterByKey.values()) {
      later.removeIf(message -> chosen.test(message) && forgotten(message));
    }
    for (StoredMessage message : fresh.removeIf(chosen)) {
      forgotten(message);
      releaseKey(message);
    }
    for (int slot = 0; slot < slots.size(); slot++) {
      Lease lease = slots.get(slot);
      if (lease != null && chosen.test(lease.message)) {
        settle(lease);
        acked++;
      }
    }
  }

  /** Does what is due by the clock: expired deadlines, ended backoffs, pulls that waited long. */
  void tick() {
    List<WaitingPull> tired = new ArrayList<>();
    boolean returnedAny = false;
    synchronized (this) {
      long now = broker.millis();
      for (Lease due = timers.pollDue(now); due != null; due = timers.pollDue(now)) {
        returnedAny = true;
        if (due.state == Lease.State.OUTSTANDING) {
          expired++;
          giveBack(due, now);
        } else {
          due.state = Lease.State.RETURNED;
          returned.add(due);
        }
      }
      waitingPulls.removeIf(
          pull -> pull.isCancelled() || (pull.untilMillis() <= now && tired.add(pull)));
    }
    tired.forEach(pull -> pull.answer(new Deliveries(ByteString.EMPTY)));
    if (returnedAny) {
      reorderReturned();
      moveExhausted();
      dispatch();
    }
  }

  private synchronized void reorderReturned() {
    if (broker.faults().reorderWindow() > 0 && !config.getEnableMessageOrdering()) {
      List<Lease> shuffled = new ArrayList<>(returned);
      Collections.shuffle(shuffled, broker.faults().reorderRandom());
      returned.clear();
      returned.addAll(shuffled);
    }
  }

  /** Forgets everything and ends every consumer with NOT_FOUND. */
  void delete() {
    List<WaitingPull> waiting;
    synchronized (this) {
      deleted = true;
      drop(message -> true);
      waiting = List.copyOf(waitingPulls);
      waitingPulls.clear();
    }
    Status status = Broker.subscriptionNotFound();
    failStreams(status);
    waiting.forEach(pull -> pull.client().onError(status.asRuntimeException()));
  }

  /** Sees to it that whoever can take a message gets one. */
  void dispatch() {
    if (pendingDispatch.getAndIncrement() == 0) {
      broker.executor().execute(this::dispatchUntilQuiet);
    }
  }

  private void dispatchUntilQuiet() {
    int seen = pendingDispatch.get();
    try {
      while (seen != 0) {
        answerWaitingPulls();
        while (sendOneRound()) {
          answerWaitingPulls();
        }
        seen = pendingDispatch.addAndGet(-seen);
      }
    } finally {
      // After an error the next caller must be able to start again.
      if (seen != 0) {
        pendingDispatch.set(0);
      }
    }
  }

  private void answerWaitingPulls() {
    while (true) {
      WaitingPull pull;
      Deliveries found;
      synchronized (this) {
        waitingPulls.removeIf(WaitingPull::isCancelled);
        pull = waitingPulls.peek();
        if (pull == null) {
          return;
        }
        found = take(null, pull.maxMessages());
        if (found.count() == 0) {
          return;
        }
        waitingPulls.remove();
      }
      pull.answer(found);
    }
  }

  /** Gives each ready stream its share, and tells whether any got something. */
  private boolean sendOneRound() {
    List<PullStream> ready;
    int share;
    synchronized (this) {
      ready = readyStreams();
      share = (int) Math.min(Deliveries.MAX_MESSAGES, shareOf(backlog, ready.size()));
    }
    boolean sent = false;
    for (PullStream stream : ready) {
      sent |= stream.sendNext(() -> takeFor(stream, share));
    }
    return sent;
  }

  private synchronized Deliveries takeFor(PullStream stream, int maxMessages) {
    Deliveries deliveries = take(stream, streams.contains(stream) ? maxMessages : 0);
    if (deliveries.count() > 0) {
      nextStream = streams.indexOf(stream) + 1;
    }
    return deliveries;
  }

  private static long shareOf(long messages, int consumers) {
    return consumers == 0 ? 0 : Math.max(1, (messages + consumers - 1) / consumers);
  }

  /** The streams that can take something now, beginning after the one that was last served. */
  private List<PullStream> readyStreams() {
    List<PullStream> ready = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      PullStream stream = streams.get((nextStream + i) % streams.size());
      if (stream.outstandingMessages < stream.maxMessages && stream.isReady()) {
        ready.add(stream);
      }
    }
    return ready;
  }

  /** Leases to one consumer what it may have now. */
  private Deliveries take(@Nullable PullStream stream, int maxMessages) {
    Deliveries deliveries = new Deliveries(stream == null ? ByteString.EMPTY : answerSuffix);
    long now = broker.millis();
    int deadlineSeconds =
        stream == null ? config.getAckDeadlineSeconds() : stream.ackDeadlineSeconds;
    long due = now + deadlineSeconds * 1000L;
    int limit = Math.min(maxMessages, Deliveries.MAX_MESSAGES);
    while (deliveries.count() < limit) {
      Lease lease = nextReturned();
      StoredMessage message = lease == null ? nextFresh() : lease.message;
      if (message == null
          || (stream != null && !hasRoom(stream, message))
          || (deliveries.count() > 0
              && deliveries.size() + message.size() + AckIds.LENGTH > Deliveries.MAX_BYTES)) {
        break;
      }
      if (lease == null) {
        fresh.removeNext();
        lease = newLease(message);
      } else {
        returned.remove();
      }
      lend(lease, stream, due);
      broker.journal().delivered(config.getName(), message, now);
      byte[] ackId = new byte[AckIds.LENGTH];
      AckIds.write(number, lease.slot, lease.delivery, ackId, 0);
      deliveries.add(ackId, message, config.hasDeadLetterPolicy() ? lease.attempts : 0);
    }
    return deliveries;
  }

  /** A message larger than the whole limit goes to a stream that holds nothing else. */
  private static boolean hasRoom(PullStream stream, StoredMessage message) {
    return stream.outstandingMessages < stream.maxMessages
        && (stream.outstandingMessages == 0
            || stream.outstandingBytes + message.size() <= stream.maxBytes);
  }

  private @Nullable Lease nextReturned() {
    while (!returned.isEmpty() && returned.element().state != Lease.State.RETURNED) {
      returned.remove();
    }
    return returned.peek();
  }

  private @Nullable StoredMessage nextFresh() {
    Faults faults = broker.faults();
    int window = config.getEnableMessageOrdering() ? 0 : faults.reorderWindow();
    return fresh.peek(window, faults.reorderRandom());
  }

  private Lease newLease(StoredMessage message) {
    Integer free = freeSlots.poll();
    Lease lease = new Lease(message, free == null ? slots.size() : free);
    if (free == null) {
      slots.add(lease);
    } else {
      slots.set(free, lease);
    }
    return lease;
  }

  private void lend(Lease lease, @Nullable PullStream stream, long dueMillis) {
    lease.state = Lease.State.OUTSTANDING;
    lease.attempts++;
    lease.delivery = ++lastDelivery;
    lease.holder = stream;
    timers.schedule(lease, dueMillis);
    if (stream != null) {
      stream.outstandingMessages++;
      stream.outstandingBytes += lease.message.size();
    }
    backlog--;
    outstanding++;
    delivered++;
  }

  /** Ends a delivery without an ack. */
  private void giveBack(Lease lease, long now) {
    takeBack(lease);
    if (config.hasDeadLetterPolicy()
        && lease.attempts >= config.getDeadLetterPolicy().getMaxDeliveryAttempts()
        && broker.hasTopic(config.getDeadLetterPolicy().getDeadLetterTopic())) {
      settle(lease);
      deadLettered++;
      exhausted.add(lease);
      return;
    }
    long backoff = backoffMillis(lease.attempts);
    if (backoff > 0) {
      lease.state = Lease.State.BACKING_OFF;
      timers.schedule(lease, now + backoff);
    } else {
      returned.add(lease);
    }
  }

  private long backoffMillis(int attempts) {
    if (!config.hasRetryPolicy()) {
      return 0;
    }
    RetryPolicy policy = config.getRetryPolicy();
    long least = policy.hasMinimumBackoff() ? Durations.toMillis(policy.getMinimumBackoff()) : 0;
    Duration maximum = policy.getMaximumBackoff();
    long most = Math.max(least, policy.hasMaximumBackoff() ? Durations.toMillis(maximum) : least);
    int doublings = Math.min(attempts - 1, 20);
    return Math.min(most, least << doublings);
  }

  private void takeBack(Lease lease) {
    lease.state = Lease.State.RETURNED;
    timers.cancel(lease);
    outstanding--;
    backlog++;
    PullStream holder = lease.holder;
    if (holder != null) {
      holder.outstandingMessages--;
      holder.outstandingBytes -= lease.message.size();
      lease.holder = null;
    }
  }

  /** Ends a lease for good. */
  private void settle(Lease lease) {
    if (lease.state == Lease.State.OUTSTANDING) {
      takeBack(lease);
    }
    backlog--;
    lease.state = Lease.State.SETTLED;
    timers.cancel(lease);
    slots.set(lease.slot, null);
    freeSlots.push(lease.slot);
    broker.released(lease.message);
    releaseKey(lease.message);
  }

  private void accept(StoredMessage message) {
    published++;
    backlog++;
    broker.retained(message);
    if (isOrdered(message)) {
      Deque<StoredMessage> later = laterByKey.get(message.orderingKey());
      if (later != null) {
        later.add(message);
        return;
      }
      laterByKey.put(message.orderingKey(), new ArrayDeque<>());
    }
    fresh.add(message);
  }

  private boolean forgotten(StoredMessage message) {
    backlog--;
    acked++;
    broker.released(message);
    return true;
  }

  /** Lets the next message of the same key go. */
  private void releaseKey(StoredMessage message) {
    if (!isOrdered(message)) {
      return;
    }
    Deque<StoredMessage> later = laterByKey.get(message.orderingKey());
    StoredMessage next = later == null ? null : later.poll();
    if (next == null) {
      laterByKey.remove(message.orderingKey());
    } else {
      fresh.add(next);
    }
  }

  private boolean isOrdered(StoredMessage message) {
    return config.getEnableMessageOrdering() && !message.orderingKey().isEmpty();
  }

  /** The lease of an ack id that is not stale, or null. */
  private @Nullable Lease find(String ackId) {
    int slot = AckIds.slot(ackId);
    long delivery = AckIds.delivery(ackId);
    if (AckIds.queue(ackId) != number || slot < 0 || slot >= slots.size()) {
      return null;
    }
    Lease lease = slots.get(slot);
    return lease != null && lease.delivery == delivery ? lease : null;
  }

  /** Publishes to the dead-letter topic, outside the lock: that topic has queues of its own. */
  private void moveExhausted() {
    List<Lease> moving;
    DeadLetterPolicy policy;
    Subscription source;
    synchronized (this) {
      moving = List.copyOf(exhausted);
      exhausted.clear();
      policy = config.getDeadLetterPolicy();
      source = config;
    }
    for (Lease lease : moving) {
      broker.publishDeadLetter(
          policy.getDeadLetterTopic(), asDeadLetter(lease.message, lease.attempts, source));
    }
  }

  private static PubsubMessage asDeadLetter(
      StoredMessage message, int attempts, Subscription source) {
    ResourceName name = ResourceName.subscription(source.getName());
    PubsubMessage original = message.decode();
    return original.toBuilder()
        .putAttributes("CloudPubSubDeadLetterSourceDeliveryCount", Integer.toString(attempts))
        .putAttributes("CloudPubSubDeadLetterSourceSubscription", name.id())
        .putAttributes("CloudPubSubDeadLetterSourceSubscriptionProject", name.project())
        .putAttributes(
            "CloudPubSubDeadLetterSourceTopicPublishTime",
            Timestamps.toString(original.getPublishTime()))
        .build();
  }

  private void checkNotDeleted() {
    if (deleted) {
      throw Broker.subscriptionNotFound().asRuntimeException();
    }
  }
}
