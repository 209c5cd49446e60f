package io.github.miniscan.pubsub;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * An observer of responses while they arrive, byte by byte, so that a slow link is not taken for a
 * dead one. Safe for use by several threads.
 */
final class Reception extends ClientStreamTracer.Factory {

  private volatile long heardAt = System.nanoTime();
  private volatile long contentAt = heardAt;
  private volatile long begunAt;
  private volatile boolean begun;
  private volatile boolean underWay;

  /** Returns when the server last sent something, as of {@link System#nanoTime}. */
  long heardAt() {
    return heardAt;
  }

  /** Returns when the server last sent something that was not empty. */
  long contentAt() {
    return contentAt;
  }

  /** Returns whether a response has begun to arrive. */
  boolean hasBegun() {
    return begun;
  }

  /** Returns when the latest response began to arrive, as of {@link System#nanoTime}. */
  long begunAt() {
    return begunAt;
  }

  /** Returns whether the beginning of a response has arrived and its end has not. */
  boolean isUnderWay() {
    return underWay;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new Tracer();
  }

  private final class Tracer extends ClientStreamTracer {

    @Override
    public void inboundHeaders(Metadata headers) {
      heardAt = System.nanoTime();
    }

    @Override
    public void inboundTrailers(Metadata trailers) {
      heardAt = System.nanoTime();
    }

    @Override
    public void inboundWireSize(long bytes) {
      contentAt = System.nanoTime();
      heardAt = contentAt;
    }

    @Override
    public void inboundMessage(int number) {
      heardAt = System.nanoTime();
      begunAt = heardAt;
      underWay = true;
      begun = true;
    }

    @Override
    public void inboundMessageRead(int number, long wireSize, long size) {
      underWay = false;
    }
  }
}
