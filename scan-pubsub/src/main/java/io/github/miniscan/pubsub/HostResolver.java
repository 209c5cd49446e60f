package io.github.miniscan.pubsub;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a host name by the operating system, whatever its spelling. The resolver of gRPC refuses
 * names that no URI can have, such as a compose service with an underscore.
 */
final class HostResolver extends NameResolver {

  private final String host;
  private final int port;
  private final Executor executor;
  private final SynchronizationContext synchronization;
  private @Nullable Listener2 listener;

  private HostResolver(
      String host, int port, Executor executor, SynchronizationContext synchronization) {
    this.synchronization = synchronization;
    this.host = host;
    this.port = port;
    this.executor = executor;
  }

  /** Returns whether the name needs this resolver. */
  static boolean isNeededFor(String host, int port) {
    try {
      return new URI(null, null, host, port, null, null, null).getHost() == null;
    } catch (URISyntaxException e) {
      return true;
    }
  }

  /** Returns a factory of resolvers of this one name, whatever the target of the channel. */
  static NameResolver.Factory factory(String host, int port, Executor executor) {
    return new NameResolver.Factory() {
      @Override
      public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return new HostResolver(host, port, executor, args.getSynchronizationContext());
      }

      @Override
      public String getDefaultScheme() {
        return "host";
      }
    };
  }

  @Override
  public String getServiceAuthority() {
    return host + ":" + port;
  }

  @Override
  public void start(Listener2 listener) {
    this.listener = listener;
    refresh();
  }

  @Override
  public void refresh() {
    Listener2 told = listener;
    if (told != null) {
      executor.execute(
          () -> {
            ResolutionResult result = resolve();
            synchronization.execute(() -> told.onResult2(result));
          });
    }
  }

  private ResolutionResult resolve() {
    try {
      List<EquivalentAddressGroup> found = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        found.add(new EquivalentAddressGroup(new InetSocketAddress(address, port)));
      }
      return ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(found)).build();
    } catch (UnknownHostException e) {
      Status unknown = Status.UNAVAILABLE.withDescription("unknown host " + host).withCause(e);
      return ResolutionResult.newBuilder()
          .setAddressesOrError(StatusOr.fromStatus(unknown))
          .build();
    }
  }

  @Override
  public void shutdown() {
    listener = null;
  }
}
