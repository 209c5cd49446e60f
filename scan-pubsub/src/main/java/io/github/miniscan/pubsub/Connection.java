package io.github.miniscan.pubsub;

import com.google.api.core.ApiFuture;
import com.google.api.gax.batching.BatchingSettings;
import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.FixedExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.api.gax.rpc.StubSettings;
import com.google.auth.Credentials;
import com.google.cloud.pubsub.v1.stub.GrpcPublisherStub;
import com.google.cloud.pubsub.v1.stub.GrpcSubscriberStub;
import com.google.cloud.pubsub.v1.stub.PublisherStub;
import com.google.cloud.pubsub.v1.stub.PublisherStubSettings;
import com.google.cloud.pubsub.v1.stub.SubscriberStub;
import com.google.cloud.pubsub.v1.stub.SubscriberStubSettings;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A channel to a server, with the threads that serve it. Its opener closes it, and no thread is
 * left.
 */
final class Connection implements AutoCloseable {

  /** Pub/Sub's own limit is 10 MB of messages; the default of gRPC is 4 MB. */
  private static final int MAX_RESPONSE = 20 << 20;

  private static final int CALLBACK_THREADS = 2;
  private static final Duration TERMINATION = Duration.ofSeconds(1);

  private final PubSubServer server;
  private final CredentialsProvider credentials;
  private final ManagedChannel channel;
  private final ExecutorService callbacks;
  private final Reception reception = new Reception();
  private final SourceThread thread;

  private Connection(
      PubSubServer server,
      CredentialsProvider credentials,
      ChannelCredentials channelCredentials,
      String name) {
    this.server = server;
    this.credentials = credentials;
    thread = new SourceThread(name);
    AtomicInteger threads = new AtomicInteger();
    callbacks =
        Executors.newFixedThreadPool(
            CALLBACK_THREADS,
            task -> {
              Thread callback = new Thread(task, name + "-" + threads.incrementAndGet());
              callback.setDaemon(true);
              return callback;
            });
    // No HTTP/2 keep-alive: Google's emulator ends a connection that is pinged more often than
    // every five minutes, so signs of life are asked for by calls instead.
    channel =
        builder(server, channelCredentials, callbacks)
            .maxInboundMessageSize(MAX_RESPONSE)
            .executor(callbacks)
            .intercept(observedBy(reception))
            .build();
  }

  /**
   * Prepares a connection; nothing is sent yet.
   *
   * @param name the name of its threads
   * @throws PubSubException when there are no credentials, or the certificates cannot be read
   */
  static Connection to(PubSubServer server, String name) throws PubSubException {
    if (server.isEmulator()) {
      return new Connection(
          server, NoCredentialsProvider.create(), InsecureChannelCredentials.create(), name);
    }
    return new Connection(server, credentialsFor(server), tlsFor(server), name);
  }

  private static CredentialsProvider credentialsFor(PubSubServer server) throws PubSubException {
    Credentials given = server.credentials();
    if (given != null) {
      return FixedCredentialsProvider.create(given);
    }
    try {
      return FixedCredentialsProvider.create(
          SubscriberStubSettings.defaultCredentialsProviderBuilder().build().getCredentials());
    } catch (IOException e) {
      throw new CredentialsException(
          "no credentials for Google Cloud: run \"gcloud auth application-default login\", or set"
              + " GOOGLE_APPLICATION_CREDENTIALS",
          e);
    }
  }

  private static ChannelCredentials tlsFor(PubSubServer server) throws PubSubException {
    if (server.trustedCertificates() == null) {
      return TlsChannelCredentials.create();
    }
    try {
      return TlsChannelCredentials.newBuilder()
          .trustManager(server.trustedCertificates().toFile())
          .build();
    } catch (IOException e) {
      throw new PubSubException(
          "the trusted certificates cannot be read: " + server.trustedCertificates(), e);
    }
  }

  @SuppressWarnings("deprecation") // The other way registers a resolver for the whole JVM.
  private static ManagedChannelBuilder<?> builder(
      PubSubServer server, ChannelCredentials credentials, Executor executor) {
    String host = server.unbracketedHost();
    if (HostResolver.isNeededFor(host, server.port())) {
      return Grpc.newChannelBuilder("host:///", credentials)
          .nameResolverFactory(HostResolver.factory(host, server.port(), executor));
    }
    return Grpc.newChannelBuilderForAddress(host, server.port(), credentials);
  }

  SubscriberStub subscriber() {
    try {
      SubscriberStubSettings.Builder settings = prepare(SubscriberStubSettings.newBuilder());
      settings.applyToAllUnaryMethods(
          method -> {
            method.setSimpleTimeoutNoRetriesDuration(Duration.ofMinutes(1));
            return null;
          });
      return GrpcSubscriberStub.create(settings.build());
    } catch (Exception e) {
      throw new IllegalStateException("cannot prepare calls to " + server, e);
    }
  }

  PublisherStub publisher() {
    try {
      PublisherStubSettings.Builder settings = prepare(PublisherStubSettings.newBuilder());
      settings.applyToAllUnaryMethods(
          method -> {
            method.setSimpleTimeoutNoRetriesDuration(Duration.ofMinutes(1));
            return null;
          });
      // The stub would merge calls into larger ones, beyond what the service takes.
      settings
          .publishSettings()
          .setBatchingSettings(BatchingSettings.newBuilder().setIsEnabled(false).build());
      return GrpcPublisherStub.create(settings.build());
    } catch (Exception e) {
      throw new IllegalStateException("cannot prepare calls to " + server, e);
    }
  }

  /** Uses our channel and turns off the retries of the library, since the callers retry. */
  private <B extends StubSettings.Builder<?, B>> B prepare(B settings) {
    settings
        .setBackgroundExecutorProvider(FixedExecutorProvider.create(thread.executor()))
        .setCredentialsProvider(credentials)
        .setStreamWatchdogProvider(null)
        .setTransportChannelProvider(
            FixedTransportChannelProvider.create(GrpcTransportChannel.create(channel)));
    return settings;
  }

  private static ClientInterceptor observedBy(Reception reception) {
    return new ClientInterceptor() {
      @Override
      public <Q, R> ClientCall<Q, R> interceptCall(
          MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return next.newCall(method, options.withStreamTracerFactory(reception));
      }
    };
  }

  /** Returns when the server last sent something that was not empty. */
  long contentAt() {
    return reception.contentAt();
  }

  SourceThread thread() {
    return thread;
  }

  /** Makes the next call connect at once, however long the server was away. */
  void expectServer() {
    channel.resetConnectBackoff();
  }

  /** Makes the next call use a new connection, since this one gives no sign of life. */
  void distrust() {
    channel.enterIdle();
  }

  /**
   * Makes a first call, and retries it until the server answers.
   *
   * @param call the call; it is given the time that an answer may take
   * @return what the server answered
   * @throws PubSubException when nothing answers within the connect timeout
   * @throws ApiException when the server refuses
   */
  <T> T first(Function<Duration, ApiFuture<T>> call, Timing timing)
      throws PubSubException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(server.connectTimeout());
    Backoff backoff = new Backoff(timing.firstRetry(), Duration.ofSeconds(1));
    while (true) {
      long left = Math.max(end - System.nanoTime(), 1);
      Duration patience = Duration.ofNanos(Math.min(left, timing.answer().toNanos()));
      Throwable failure = null;
      try {
        return call.apply(patience).get(left, TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        failure = Failures.unwrapped(e);
        Failures.rethrowError(failure);
        if (!Failures.isPassing(failure)) {
          throw refused(failure);
        }
      } catch (TimeoutException e) {
        failure = e;
      }
      long wait = backoff.next().toNanos();
      if (System.nanoTime() + wait - end >= 0) {
        throw unreachable(failure);
      }
      TimeUnit.NANOSECONDS.sleep(wait);
      expectServer();
    }
  }

  private static RuntimeException refused(Throwable failure) {
    return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
  }

  private PubSubException unreachable(Throwable failure) {
    return new PubSubException(
        (server.isEmulator() ? "no emulator" : "no Pub/Sub server")
            + " answers at "
            + server.address()
            + " (waited "
            + server.connectTimeout().toSeconds()
            + " s): "
            + Failures.reason(failure)
            + (server.isEmulator()
                ? "; start it, or check its address"
                : "; check the address and the network"),
        failure);
  }

  /** Returns a sentence about a failure that may pass. */
  String trouble(Throwable failure) {
    Code code = Failures.code(failure);
    boolean answered =
        failure instanceof ApiException
            && code != Code.UNAVAILABLE
            && code != Code.DEADLINE_EXCEEDED
            && code != Code.CANCELLED;
    return answered
        ? server + " answers " + Failures.detail(failure)
        : server + " cannot be reached: " + Failures.reason(failure);
  }

  /** Returns an exception with a sentence about a refusal. */
  PubSubException refusal(Throwable failure, String what, Supplier<String> howToCreate) {
    String detail = Failures.detail(failure);
    return switch (Failures.code(failure)) {
      case NOT_FOUND ->
          new PubSubException(
              "there is no " + what + " on " + server + ": " + howToCreate.get(), failure);
      case PERMISSION_DENIED ->
          new PubSubException(
              "no permission to use the "
                  + what
                  + " on "
                  + server
                  + ": grant it to this account ("
                  + detail
                  + ")",
              failure);
      case UNAUTHENTICATED ->
          new CredentialsException(
              server
                  + " does not accept the credentials: renew them with \"gcloud auth"
                  + " application-default login\" ("
                  + detail
                  + ")",
              failure);
      default -> new PubSubException(server + " refuses the " + what + ": " + detail, failure);
    };
  }

  /** Returns the server's description. */
  @Override
  public String toString() {
    return server.toString();
  }

  @Override
  public void close() {
    channel.shutdown();
    try {
      if (!channel.awaitTermination(TERMINATION.toMillis(), TimeUnit.MILLISECONDS)) {
        channel.shutdownNow().awaitTermination(TERMINATION.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      channel.shutdownNow();
      Thread.currentThread().interrupt();
    }
    thread.close();
    callbacks.shutdown();
  }
}
