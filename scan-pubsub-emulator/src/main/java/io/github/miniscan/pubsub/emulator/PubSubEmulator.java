package io.github.miniscan.pubsub.emulator;

import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.Topic;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A Pub/Sub server inside the JVM: gRPC and REST on one port, everything in memory and gone with
 * {@link #close()}. It runs from {@link #start} until then, on daemon threads of its own; all
 * methods are thread-safe.
 */
public final class PubSubEmulator implements AutoCloseable {
  /** The project that {@link #createKit()} uses. */
  public static final String KIT_PROJECT = "test-project";

  /** The topic that {@link #createKit()} makes. */
  public static final String KIT_TOPIC = "scan-topic";

  /** The subscription that {@link #createKit()} makes. */
  public static final String KIT_SUBSCRIPTION = "scan-sub";

  private static final int MAX_REQUEST_BYTES = 20 << 20;
  private static final long TICK_MILLIS = 20;
  private static final long GRACE_MILLIS = 200;
  private static final long CLOSE_SECONDS = 5;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final EmulatorOptions options;
  private final ExecutorService executor;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Broker broker;
  private final OnePort onePort;
  private final Server server;

  private PubSubEmulator(EmulatorOptions options, @Nullable SslContext tls) {
    this.options = options;
    this.executor = Executors.newCachedThreadPool(daemons());
    this.broker =
        new Broker(
            options.clock(),
            executor,
            new Journal(options.journalLimit()),
            options.maxBacklogBytes());
    Gate gate = new Gate(broker);
    PublisherService publisher = new PublisherService(broker, gate);
    SubscriberService subscriber = new SubscriberService(broker, gate);
    RestApi rest = new RestApi(publisher, subscriber, options.access(), executor);
    this.onePort = new OnePort(tls, () -> new RestConnection(rest));
    this.server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(options.host(), options.port()),
                InternalNettyServerCredentials.create(onePort))
            .executor(executor)
            .addService(publisher)
            .addService(subscriber.definition())
            .intercept(new AccessInterceptor(options.access()))
            .maxInboundMessageSize(MAX_REQUEST_BYTES)
            .permitKeepAliveTime(0, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            // A REST connection never becomes ready in gRPC's eyes, and is not to be closed for it.
            .handshakeTimeout(Integer.MAX_VALUE, TimeUnit.SECONDS)
            .build();
  }

  /**
   * Starts one with {@link EmulatorOptions#defaults()}, on a free port.
   *
   * @throws IOException if it cannot listen
   */
  public static PubSubEmulator start() throws IOException {
    return start(EmulatorOptions.defaults());
  }

  /**
   * Starts one that listens when this returns, and has no topics yet.
   *
   * @throws IOException if it cannot listen at the address, or cannot use the certificate or key
   */
  public static PubSubEmulator start(EmulatorOptions options) throws IOException {
    PubSubEmulator emulator = new PubSubEmulator(options, sslContext(options.tls()));
    try {
      emulator.server.start();
    } catch (IOException e) {
      emulator.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "cannot listen on " + options.host() + ":" + options.port() + ": " + cause.getMessage(),
          e);
    }
    emulator.executor.execute(emulator::tickUntilClosed);
    return emulator;
  }

  /** Where it listens, as {@code host:port}, which is what {@code PUBSUB_EMULATOR_HOST} takes. */
  public String endpoint() {
    String host = options.host();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /**
   * Creates a topic.
   *
   * @param project the project's id
   * @param topic the topic's id
   * @throws io.grpc.StatusRuntimeException ALREADY_EXISTS or INVALID_ARGUMENT
   */
  public void createTopic(String project, String topic) {
    broker.createTopic(
        Topic.newBuilder()
            .setName(new ResourceName(project, ResourceName.TOPICS, topic).toString())
            .build());
  }

  /**
   * Creates a subscription with a deadline of 10 seconds and no policies.
   *
   * @param project the project's id
   * @param subscription the subscription's id
   * @param topic the id of a topic of the same project
   * @throws io.grpc.StatusRuntimeException ALREADY_EXISTS, INVALID_ARGUMENT, or NOT_FOUND where
   *     there is no such topic
   */
  public void createSubscription(String project, String subscription, String topic) {
    createSubscription(
        Subscription.newBuilder()
            .setName(subscriptionName(project, subscription))
            .setTopic(new ResourceName(project, ResourceName.TOPICS, topic).toString())
            .build());
  }

  /**
   * Creates a subscription with options.
   *
   * @throws io.grpc.StatusRuntimeException as the gRPC call does
   */
  public void createSubscription(Subscription subscription) {
    broker.createSubscription(subscription);
  }

  /** Creates the kit's topic and subscription: {@code scan-topic}, {@code scan-sub}. */
  public void createKit() {
    createTopic(KIT_PROJECT, KIT_TOPIC);
    createSubscription(KIT_PROJECT, KIT_SUBSCRIPTION, KIT_TOPIC);
  }

  /**
   * What became of the messages of a subscription so far.
   *
   * @throws io.grpc.StatusRuntimeException NOT_FOUND
   */
  public SubscriptionCounts counts(String project, String subscription) {
    return broker.subscription(subscriptionName(project, subscription)).counts();
  }

  /** What happened to each message, where {@link EmulatorOptions#withJournal} asked for it. */
  public Journal journal() {
    return broker.journal();
  }

  /** Faults on demand. */
  public Faults faults() {
    return broker.faults();
  }

  /**
   * Does at once what is due by the clock: deadlines that passed, backoffs that ended, delayed
   * answers. It happens by itself every 20 milliseconds; a test that moves its own clock calls this
   * so as not to wait for that.
   */
  public void tick() {
    broker.tick();
  }

  /**
   * Ends every call and connection and forgets everything. Open streams end with UNAVAILABLE. The
   * port is free when it returns, within a second as a rule.
   */
  @Override
  public void close() {
    closed.countDown();
    server.shutdown();
    onePort.close();
    broker.failStreams(Status.UNAVAILABLE.withDescription("the emulator was closed"));
    try {
      if (!server.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)
          && !server.shutdownNow().awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "the emulator did not end within " + CLOSE_SECONDS + " seconds");
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      executor.shutdownNow();
    }
  }

  private void tickUntilClosed() {
    try {
      while (!closed.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        tick();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static String subscriptionName(String project, String subscription) {
    return new ResourceName(project, ResourceName.SUBSCRIPTIONS, subscription).toString();
  }

  private static @Nullable SslContext sslContext(@Nullable TlsIdentity identity)
      throws IOException {
    if (identity == null) {
      return null;
    }
    try {
      return GrpcSslContexts.forServer(
              stream(identity.certificateChainPem()), stream(identity.privateKeyPem()))
          .build();
    } catch (IllegalArgumentException e) {
      throw new IOException("cannot use the certificate or its key: " + e.getMessage(), e);
    }
  }

  private static ByteArrayInputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private static ThreadFactory daemons() {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "pubsub-emulator-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private record AccessInterceptor(AccessCheck access) implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      Status allowed = access.check(headers.get(AUTHORIZATION));
      if (allowed.isOk()) {
        return next.startCall(call, headers);
      }
      call.close(allowed, new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }
}
