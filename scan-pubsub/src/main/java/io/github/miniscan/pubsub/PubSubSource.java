package io.github.miniscan.pubsub;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.pubsub.v1.DeadLetterPolicy;
import com.google.pubsub.v1.ReceivedMessage;
import com.google.pubsub.v1.Subscription;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.ingest.SourceException;
import io.github.miniscan.ingest.SourceListener.ResponseBroken;
import io.github.miniscan.pubsub.Connectivity.Contact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deliveries from a Pub/Sub subscription, of Google Cloud or of an emulator.
 *
 * <p>Keeps every promise of {@link MessageSource}. Leases are extended by 60 seconds at a time, so
 * that the messages of a crashed consumer are redelivered within a minute. Acks leave at once, many
 * to a call. A connection that is lost is retried without end, and the source is not connected
 * while it is. A missing subscription, or a missing permission, is retried for 60 seconds; then
 * {@link #receive} throws. An error of the JVM on one of the source's threads is thrown by {@link
 * #receive} too.
 *
 * <p>On a slow link messages take longer and none is lost. A message is redelivered when it takes
 * longer to arrive than its lease lasts: the subscription's ack deadline for calls, 60 seconds for
 * streams.
 */
public final class PubSubSource implements MessageSource {

  private static final Logger log = LoggerFactory.getLogger(PubSubSource.class);

  /** With fewer, restarts under load or a long outage would move good messages away. */
  private static final int SAFE_DELIVERY_ATTEMPTS = 20;

  private static final Duration SAFE_RETENTION = Duration.ofDays(1);

  /** The time for responses under way when the source is closed, so that they are handed back. */
  private static final Duration LAST_PULL = Duration.ofSeconds(3);

  private final Connection connection;
  private final SubscriptionCalls calls;
  private final PubSubServer server;
  private final PubSubOptions options;
  private final Timing timing;
  private final Inbox inbox = new Inbox();
  private final FlowControl flowControl;
  private final Leases leases;
  private final Connectivity connectivity;
  private final List<Puller> pullers = new ArrayList<>();
  private volatile boolean stopped;
  private boolean closed;

  private PubSubSource(
      Connection connection,
      SubscriptionCalls calls,
      PubSubServer server,
      PubSubOptions options,
      ByteBudget budget,
      Timing timing) {
    this.connection = connection;
    this.calls = calls;
    this.server = server;
    this.options = options;
    this.timing = timing;
    flowControl = new FlowControl(budget, options.maxOutstanding());
    leases = new Leases(calls, options, connection.thread(), timing, flowControl);
    connectivity =
        new Connectivity(
            connection,
            () -> calls.get(timing.answer()),
            this::refusal,
            refusal -> inbox.fail(new SourceException(refusal.sentence(), refusal)),
            timing,
            options.listener());
  }

  /**
   * Connects to a subscription and starts to fetch. Waits for the server until its connect timeout.
   *
   * @param budget the limit in bytes for deliveries that are not settled; this source's alone
   * @throws SourceException when there is no server, no such subscription, no permission, or no
   *     credentials
   */
  public static PubSubSource open(PubSubServer server, PubSubOptions options, ByteBudget budget)
      throws InterruptedException {
    return open(server, options, budget, Timing.DEFAULT);
  }

  static PubSubSource open(
      PubSubServer server, PubSubOptions options, ByteBudget budget, Timing timing)
      throws InterruptedException {
    Connection connection;
    try {
      connection = Connection.to(server, "pubsub-source");
    } catch (PubSubException e) {
      throw new SourceException(e.sentence(), e);
    }
    SubscriptionCalls calls =
        new SubscriptionCalls(connection.subscriber(), options.subscription(), timing);
    PubSubSource source = new PubSubSource(connection, calls, server, options, budget, timing);
    try {
      source.start();
      return source;
    } catch (PubSubException e) {
      source.letGo();
      throw new SourceException(e.sentence(), e);
    } catch (RuntimeException | Error | InterruptedException e) {
      source.letGo();
      throw e;
    }
  }

  private void start() throws InterruptedException {
    Subscription subscription = find();
    Duration ownLease = null;
    if (subscription != null) {
      ownLease = Duration.ofSeconds(subscription.getAckDeadlineSeconds());
      warnAbout(subscription);
    }
    Arrivals arrivals = new Admission();
    SourceThread thread = connection.thread();
    thread.onBroken(inbox::fail);
    flowControl.onRoom(() -> thread.execute(() -> pullers.forEach(Puller::resume)));
    // Each pull may bring 10 MB before it can be stopped.
    long fitting = flowControl.maxBytes() / UnaryPull.MAX_RESPONSE_BYTES;
    int parallel = (int) Math.max(1, Math.min(options.parallelPulls(), fitting));
    if (isUnary()) {
      pullers.add(
          new UnaryPull(
              calls,
              thread,
              arrivals,
              flowControl,
              connectivity.contact(),
              timing,
              server.isEmulator(),
              parallel,
              ownLease));
    } else {
      for (int i = 0; i < parallel; i++) {
        pullers.add(
            new StreamingPull(
                calls,
                thread,
                arrivals,
                flowControl,
                connectivity.contact(),
                timing,
                !server.isEmulator(),
                parallel,
                ownLease));
      }
    }
    thread.execute(() -> pullers.forEach(Puller::start));
    thread.every(timing.leaseCheck(), leases::renew);
    Contact heart = connectivity.contact();
    heart.answered();
    thread.every(timing.heartbeat(), () -> beat(heart));
  }

  private boolean isUnary() {
    return options.pullMode() == PullMode.UNARY
        || (options.pullMode() == PullMode.AUTO && server.isEmulator());
  }

  /** Returns the subscription, or null where this account may not read it. */
  private @Nullable Subscription find() throws InterruptedException {
    try {
      return connection.first(calls::get, timing);
    } catch (ApiException e) {
      if (Failures.code(e) == Code.PERMISSION_DENIED) {
        log.debug("no permission to read the subscription: {}", Failures.detail(e));
        return null;
      }
      throw refusal(e);
    }
  }

  private void warnAbout(Subscription subscription) {
    DeadLetterPolicy policy = subscription.getDeadLetterPolicy();
    if (subscription.hasDeadLetterPolicy()
        && policy.getMaxDeliveryAttempts() < SAFE_DELIVERY_ATTEMPTS) {
      log.warn(
          "{} drops a message after {} deliveries and moves it to {}: restarts and long outages"
              + " count too, so set its dead-letter policy to {} attempts or more",
          options.subscription(),
          policy.getMaxDeliveryAttempts(),
          policy.getDeadLetterTopic(),
          SAFE_DELIVERY_ATTEMPTS);
    }
    Duration retention =
        Duration.ofSeconds(subscription.getMessageRetentionDuration().getSeconds());
    if (subscription.hasMessageRetentionDuration() && retention.compareTo(SAFE_RETENTION) < 0) {
      log.warn(
          "{} forgets messages after {} minutes: a longer outage loses scans, so set its message"
              + " retention to days",
          options.subscription(),
          retention.toMinutes());
    }
  }

  private PubSubException refusal(Throwable failure) {
    return connection.refusal(
        failure,
        "subscription " + options.subscription(),
        () ->
            server.isEmulator()
                ? "create it, or restart the emulator that makes it"
                : "create it with \"gcloud pubsub subscriptions create "
                    + options.subscription()
                    + " --topic TOPIC\"");
  }

  /** Asks for a sign of life, which finds a dead connection and a missing subscription. */
  private void beat(Contact heart) {
    if (stopped || heart.isRecovering()) {
      return;
    }
    pullers.forEach(Puller::ping);
    long askedAt = System.nanoTime();
    CallResult.of(
        calls.get(timing.answer()),
        alive -> heart.proven(),
        failure -> connection.thread().execute(() -> missed(heart, failure, askedAt)),
        connection.thread()::broken);
  }

  private void missed(Contact heart, Throwable failure, long askedAt) {
    boolean alive = Connectivity.isAnswer(failure) || isBusySince(askedAt, failure);
    if (stopped || heart.isRecovering() || alive) {
      return;
    }
    heart.recover(
        failure,
        () -> {
          heart.answered();
          pullers.forEach(Puller::restart);
        });
  }

  /** Returns whether an answer is late only because the link carries messages meanwhile. */
  private boolean isBusySince(long askedAt, Throwable failure) {
    return Failures.code(failure) == Code.DEADLINE_EXCEEDED && connection.contentAt() - askedAt > 0;
  }

  @Override
  public List<Delivery> receive(int maxDeliveries, Duration maxWait) throws InterruptedException {
    return inbox.receive(maxDeliveries, maxWait);
  }

  @Override
  public boolean isConnected() {
    return connectivity.isConnected();
  }

  @Override
  public boolean isIdle() {
    return isConnected() && pullers.stream().allMatch(Puller::isIdle);
  }

  @Override
  public void stop() {
    if (!stopped) {
      stopped = true;
      connection.thread().execute(() -> pullers.forEach(Puller::stop));
      inbox.stop();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    stop();
    // A server that is away takes nothing; the short wait is for one that is just back.
    Duration patience = isConnected() ? timing.close() : timing.close().dividedBy(5);
    long end = System.nanoTime() + patience.toNanos();
    try {
      long lastPull = System.nanoTime() + LAST_PULL.toNanos();
      for (Puller puller : pullers) {
        puller.awaitEnd(Duration.ofNanos(Math.min(end, lastPull) - System.nanoTime()));
      }
      leases.handBack();
      if (!leases.awaitSent(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
        log.warn(
            "not all acks reached {} before closing: their messages will be redelivered", server);
        leases.tellUnsentAcks();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    letGo();
  }

  private void letGo() {
    calls.close();
    connection.close();
  }

  private final class Admission implements Arrivals {

    @Override
    public long accept(
        List<ReceivedMessage> arrived, @Nullable Duration leaseLength, Duration transfer) {
      if (stopped) {
        leases.refuse(arrived);
        return 0;
      }
      Leases.Admitted admitted = leases.admit(arrived, leaseLength, transfer);
      inbox.add(admitted.deliveries());
      return admitted.bytes();
    }

    @Override
    public void brokeOff(Throwable failure) {
      String reason = "a response from " + server + " broke off: " + Failures.reason(failure);
      log.warn("{}; its messages will be redelivered", reason);
      options.listener().responseBroken(ResponseBroken.of(reason));
    }
  }
}
