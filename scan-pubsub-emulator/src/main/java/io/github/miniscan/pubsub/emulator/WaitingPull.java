package io.github.miniscan.pubsub.emulator;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** A unary pull that found nothing and waits a bounded time for a message. */
record WaitingPull(StreamObserver<Deliveries> client, int maxMessages, long untilMillis) {
  boolean isCancelled() {
    return client instanceof ServerCallStreamObserver<Deliveries> call && call.isCancelled();
  }

  void answer(Deliveries deliveries) {
    if (!isCancelled()) {
      client.onNext(deliveries);
      client.onCompleted();
    }
  }
}
