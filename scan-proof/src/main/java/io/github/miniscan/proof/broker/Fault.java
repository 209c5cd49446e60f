package io.github.miniscan.proof.broker;

import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.pubsub.emulator.Rpc;
import io.github.miniscan.traffic.TrafficMessage;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a queue, and the network before it, may do to a consumer. */
enum Fault {
  STREAMS_RESET("streams are reset") {
    @Override
    boolean concerns(PullMode mode) {
      return mode == PullMode.STREAMING;
    }

    @Override
    void strike(Trial trial) {
      for (Status status : passing(trial)) {
        trial.queue().faults().resetStreams(status);
        trial.awaitProgress();
      }
    }
  },
  PULL_FAILS("pulls fail") {
    @Override
    void strike(Trial trial) {
      for (Status status : passing(trial)) {
        trial.failCalls(trial.pullCall(), status);
        if (trial.mode() == PullMode.STREAMING) {
          trial.queue().faults().resetStreams(status);
        }
        trial.awaitProgress();
      }
    }
  },
  ACK_FAILS("acks fail") {
    @Override
    void strike(Trial trial) {
      for (Status status : passing(trial)) {
        trial.failCalls(Rpc.ACKNOWLEDGE, status);
        trial.awaitProgress();
      }
      trial.promiseAcksArrive();
    }
  },
  EXTENSION_FAILS("lease extensions fail, and the store is slow") {
    @Override
    boolean isFed() {
      return false;
    }

    @Override
    void strike(Trial trial) throws InterruptedException {
      trial.failCalls(Rpc.MODIFY_ACK_DEADLINE, passing(trial).get(0));
      trial.stallStore();
    }
  },
  PULL_HANGS("pulls hang") {
    @Override
    boolean concerns(PullMode mode) {
      return mode == PullMode.UNARY;
    }

    @Override
    void strike(Trial trial) throws InterruptedException {
      trial.hang(Rpc.PULL);
    }
  },
  ACK_HANGS("acks hang") {
    @Override
    void strike(Trial trial) throws InterruptedException {
      trial.hang(Rpc.ACKNOWLEDGE);
    }
  },
  EXTENSION_HANGS("lease extensions hang, and the store is slow") {
    @Override
    void strike(Trial trial) throws InterruptedException {
      trial.consumer().stall();
      trial.hang(Rpc.MODIFY_ACK_DEADLINE);
      trial.consumer().goOn();
    }
  },
  SERVER_AWAY("the server restarts on its port, with what it had") {
    @Override
    void strike(Trial trial) throws IOException, InterruptedException {
      trial.proxy().refuse();
      Trial.pause(trial.upTo(trial.pace().hang()));
      trial.proxy().accept();
    }
  },
  SERVER_FORGETS("the server restarts on its port, and has forgotten all") {
    @Override
    boolean isFed() {
      return false;
    }

    /** Dead letters of messages that are published anew are new ones, so these are all scans. */
    @Override
    void strike(Trial trial) throws IOException, InterruptedException {
      List<TrafficMessage> burst = trial.scans();
      trial.queue().publish(burst);
      trial.awaitProgress();
      trial.check();
      trial.queue().goAway();
      Trial.pause(trial.upTo(trial.pace().hang()));
      trial.queue().comeBack();
      Trial.pause(trial.upTo(trial.pace().hang()));
      trial.queue().create();
      trial.queue().publish(burst);
    }
  },
  SLOW_STORE("leases run out under a slow store, unless they are extended") {
    @Override
    boolean isFed() {
      return false;
    }

    @Override
    void strike(Trial trial) throws InterruptedException {
      trial.stallStore();
    }
  },
  FIVE_TIMES("everything is delivered five times, in another order each time") {
    @Override
    boolean isFed() {
      return false;
    }

    @Override
    void strike(Trial trial) throws InterruptedException {
      trial.queue().faults().reorder(Integer.MAX_VALUE, trial.seed());
      trial.queue().faults().dropAcks(1, trial.seed());
      long settledBefore = trial.consumer().counts().settled();
      long count = trial.publishSome();
      for (int again = 1; again < 5; again++) {
        trial.awaitSettled(settledBefore + again * count);
        trial.expireAll();
      }
      trial.awaitSettled(settledBefore + 5 * count);
      trial.queue().faults().clear();
      trial.expireAll();
    }
  },
  ACKS_FORGOTTEN("acks are answered and forgotten") {
    @Override
    void strike(Trial trial) throws InterruptedException {
      trial.queue().faults().dropAcks(0.5, trial.seed());
      trial.awaitProgress();
      trial.awaitProgress();
      trial.queue().faults().clear();
      trial.expireAll();
    }
  },
  ACK_ANSWERS_LOST("acks are done, and their answers lost") {
    @Override
    void strike(Trial trial) {
      for (Status status : passing(trial)) {
        for (int call = 1; call <= CALLS; call++) {
          trial.queue().faults().loseAnswer(Rpc.ACKNOWLEDGE, call, status);
        }
        trial.awaitProgress();
      }
      trial.promiseAcksArrive();
    }
  },
  CONNECTION_CUT("connections are cut in the middle of a message") {
    @Override
    void strike(Trial trial) {
      for (int cut = 0; cut < 5; cut++) {
        trial.proxy().cutAfter(1 + trial.random().nextInt(MAX_CARRIED));
        trial.await("cut", () -> !trial.proxy().isAboutToCut());
        trial.awaitProgress();
      }
    }
  },
  CONNECTION_HANGS("connections carry nothing any more, but stay open") {
    @Override
    void strike(Trial trial) throws InterruptedException {
      trial.proxy().freeze();
      Trial.pause(trial.pace().silence());
      trial.proxy().thaw();
    }
  };

  static final int CALLS = 3;
  private static final int MAX_CARRIED = 60_000;

  private final String words;

  Fault(String words) {
    this.words = words;
  }

  /** The fault for the table. */
  String words() {
    return words;
  }

  /** Whether it can happen to consumers that pull in this way. */
  boolean concerns(PullMode mode) {
    return true;
  }

  /** Whether messages go on coming meanwhile. */
  boolean isFed() {
    return true;
  }

  /**
   * Makes it happen; it is over when this returns.
   *
   * @throws BrokenPromiseException when something else is broken by it than it may
   */
  abstract void strike(Trial trial) throws IOException, InterruptedException;

  /** Each way to fail that passes by itself, in some order. */
  private static List<Status> passing(Trial trial) {
    List<Status> all =
        new ArrayList<>(
            List.of(
                Status.UNAVAILABLE,
                Status.DEADLINE_EXCEEDED,
                Status.INTERNAL,
                Status.RESOURCE_EXHAUSTED));
    Collections.shuffle(all, trial.random());
    return all;
  }

  /** What one trial found. */
  record Outcome(String words, long messages, long redeliveries, Duration recovery) {}
}
