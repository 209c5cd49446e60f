package io.github.miniscan.pubsub.emulator;

import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPipeline;
import io.grpc.netty.shaded.io.netty.channel.group.ChannelGroup;
import io.grpc.netty.shaded.io.netty.channel.group.ChannelGroupFuture;
import io.grpc.netty.shaded.io.netty.channel.group.DefaultChannelGroup;
import io.grpc.netty.shaded.io.netty.handler.codec.ByteToMessageDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpContentDecompressor;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObjectAggregator;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import io.grpc.netty.shaded.io.netty.util.concurrent.GlobalEventExecutor;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells gRPC and REST apart by the first bytes of a connection: HTTP/2 begins with a preface that
 * is no HTTP/1.1 request. gRPC connections are handed to gRPC as they are, without a copy; the
 * others get an HTTP/1.1 pipeline.
 *
 * <p>This is gRPC's own place for deciding on a protocol, though of its internal interface. The
 * public way is a second listener and a relay between the two, which costs every message two more
 * copies through the kernel.
 */
final class OnePort implements InternalProtocolNegotiator.ProtocolNegotiator {
  private static final int MAX_REQUEST_BYTES = 20 << 20;
  private static final long CLOSE_MILLIS = 5_000;
  private static final byte[] HTTP2_PREFACE = {'P', 'R', 'I', ' '};

  private final @Nullable SslContext tls;
  private final Supplier<ChannelHandler> rest;
  private final InternalProtocolNegotiator.ProtocolNegotiator grpc =
      InternalProtocolNegotiators.serverPlaintext();

  /** The connections that are not gRPC's, which gRPC would therefore not close. */
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  OnePort(@Nullable SslContext tls, Supplier<ChannelHandler> rest) {
    this.tls = tls;
    this.rest = rest;
  }

  @Override
  public AsciiString scheme() {
    return AsciiString.cached(tls == null ? "http" : "https");
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpcHandler) {
    return new Sniffer(grpcHandler);
  }

  @Override
  public void close() {
    ChannelGroupFuture closed = connections.close();
    closed.awaitUninterruptibly(CLOSE_MILLIS);
  }

  private final class Sniffer extends ByteToMessageDecoder {
    private final GrpcHttp2ConnectionHandler grpcHandler;

    Sniffer(GrpcHttp2ConnectionHandler grpcHandler) {
      this.grpcHandler = grpcHandler;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      connections.add(context.channel());
      if (tls != null) {
        context.pipeline().addBefore(context.name(), null, tls.newHandler(context.alloc()));
      }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
      int known = Math.min(bytes.readableBytes(), HTTP2_PREFACE.length);
      for (int i = 0; i < known; i++) {
        if (bytes.getByte(bytes.readerIndex() + i) != HTTP2_PREFACE[i]) {
          becomeRest(context);
          return;
        }
      }
      if (known == HTTP2_PREFACE.length) {
        becomeGrpc(context);
      }
    }

    private void becomeGrpc(ChannelHandlerContext context) {
      connections.remove(context.channel());
      context.pipeline().addAfter(context.name(), null, grpc.newHandler(grpcHandler));
      context.fireUserEventTriggered(InternalProtocolNegotiationEvent.getDefault());
      context.pipeline().remove(this);
    }

    private void becomeRest(ChannelHandlerContext context) {
      ChannelPipeline pipeline = context.pipeline();
      String name = context.name();
      pipeline.addAfter(name, "rest", rest.get());
      pipeline.addAfter(name, "aggregator", new HttpObjectAggregator(MAX_REQUEST_BYTES));
      // Google's REST clients compress what they send.
      pipeline.addAfter(name, "decompressor", new HttpContentDecompressor(0));
      pipeline.addAfter(name, "keep-alive", new HttpServerKeepAliveHandler());
      pipeline.addAfter(name, "http", new HttpServerCodec());
      pipeline.remove(this);
    }
  }
}
