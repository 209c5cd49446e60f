package io.github.miniscan.pubsub.emulator;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderValues;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One HTTP/1.1 connection. Requests that come before the last one is answered wait their turn, so
 * that answers leave in the order of the requests.
 */
final class RestConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final String JSON = "application/json";

  private final RestApi api;
  private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
  private boolean busy;

  RestConnection(RestApi api) {
    this.api = api;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    waiting.add(request.retain());
    answerNext(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.forEach(FullHttpRequest::release);
    waiting.clear();
    context.fireChannelInactive();
  }

  private void answerNext(ChannelHandlerContext context) {
    if (busy || waiting.isEmpty()) {
      return;
    }
    busy = true;
    context.channel().config().setAutoRead(false);
    FullHttpRequest request = waiting.remove();
    try {
      if (request.decoderResult().isFailure()) {
        write(
            context,
            RestApi.Answer.refusal(Status.INVALID_ARGUMENT.withDescription("Malformed request")));
      } else if (request.method().equals(HttpMethod.GET) && request.uri().equals("/")) {
        write(context, new RestApi.Answer(200, "Ok\n", false));
      } else {
        api.answer(
            new RestApi.Call(
                request.method().name(),
                request.uri(),
                request.headers().get(HttpHeaderNames.AUTHORIZATION),
                request.content().toString(StandardCharsets.UTF_8)),
            answer -> context.executor().execute(() -> write(context, answer)));
      }
    } finally {
      request.release();
    }
  }

  private void write(ChannelHandlerContext context, RestApi.Answer answer) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.httpStatus()),
            Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8));
    if (answer.json()) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, JSON);
    } else {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN);
    }
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    ChannelFuture unused = context.writeAndFlush(response);
    busy = false;
    context.channel().config().setAutoRead(true);
    answerNext(context);
  }
}
