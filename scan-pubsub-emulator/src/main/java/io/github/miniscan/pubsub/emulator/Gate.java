package io.github.miniscan.pubsub.emulator;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where every call comes in: applies the faults that a test asked for, and turns refusals into
 * answers.
 */
final class Gate {
  private final Broker broker;

  Gate(Broker broker) {
    this.broker = broker;
  }

  /** Answers a call by what the work gives or by the status that it throws. */
  <T> void answer(Rpc rpc, StreamObserver<T> client, Supplier<T> work) {
    admit(
        rpc,
        client,
        answering -> {
          T answer = work.get();
          answering.onNext(answer);
          answering.onCompleted();
        });
  }

  /** Lets work begin that answers by itself, now or later, on the observer that it is given. */
  <T> void admit(Rpc rpc, StreamObserver<T> client, Consumer<StreamObserver<T>> work) {
    if (client instanceof ServerCallStreamObserver<T> call && rpc != Rpc.STREAMING_PULL) {
      // With a handler, answering a client that has gone is nothing; without one it throws.
      call.setOnCancelHandler(() -> {});
    }
    Faults.Verdict verdict = broker.faults().judge(rpc);
    Runnable run =
        switch (verdict.kind()) {
          case PASS -> () -> run(client, client, work);
          case FAIL -> () -> client.onError(verdict.status().asRuntimeException());
          case LOSE_ANSWER -> () -> run(client, losing(client, verdict.status()), work);
          case HANG -> () -> {};
        };
    if (verdict.delay().isZero()) {
      run.run();
    } else {
      broker.later(verdict.delay(), run);
    }
  }

  private static <T> void run(
      StreamObserver<T> client, StreamObserver<T> answering, Consumer<StreamObserver<T>> work) {
    try {
      work.accept(answering);
    } catch (StatusRuntimeException refusal) {
      client.onError(refusal);
    }
  }

  private static <T> StreamObserver<T> losing(StreamObserver<T> client, Status status) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T answer) {}

      @Override
      public void onError(Throwable error) {
        client.onError(error);
      }

      @Override
      public void onCompleted() {
        client.onError(status.asRuntimeException());
      }
    };
  }
}
