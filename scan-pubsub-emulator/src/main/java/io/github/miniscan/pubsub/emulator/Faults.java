package io.github.miniscan.pubsub.emulator;

import io.grpc.Status;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Faults on demand, for tests of programs that must ride them out. Each holds from the call that
 * asks for it; what is random is drawn from the seed that is given with it. Thread-safe.
 *
 * <p>Calls are counted for each {@link Rpc} from when a fault is asked for: the first to arrive
 * after that is number 1.
 */
public final class Faults {
  /** What happens to a call. */
  enum Kind {
    PASS,
    /** Answered by the status, and nothing done. */
    FAIL,
    /** Done, but answered by the status. */
    LOSE_ANSWER,
    /** Never answered, and nothing done. */
    HANG
  }

  /** A call's fate, decided when it arrives. */
  record Verdict(Kind kind, Status status, Duration delay) {
    static final Verdict PASS = new Verdict(Kind.PASS, Status.OK, Duration.ZERO);
  }

  private static final class PerRpc {
    final TreeMap<Long, Verdict> chosen = new TreeMap<>();
    long calls;
    boolean hanging;
    Duration delay = Duration.ZERO;
  }

  private final Consumer<Status> resetStreams;
  private final Map<Rpc, PerRpc> perRpc = new EnumMap<>(Rpc.class);
  private volatile boolean anyCallFault;
  private volatile double duplicateShare;
  private volatile Random duplicateRandom = new Random(0);
  private volatile int reorderWindow;
  private volatile Random reorderRandom = new Random(0);
  private volatile double droppedAckShare;
  private volatile Random droppedAckRandom = new Random(0);

  Faults(Consumer<Status> resetStreams) {
    this.resetStreams = resetStreams;
  }

  /**
   * Answers the n-th call by an error, without doing what it asks.
   *
   * @param nth 1 or more
   * @param status what to answer; not OK
   */
  public void failCall(Rpc rpc, long nth, Status status) {
    choose(rpc, nth, new Verdict(Kind.FAIL, notOk(status), Duration.ZERO));
  }

  /**
   * Does what the n-th call asks but answers it by an error, as if the answer had been lost.
   *
   * @param nth 1 or more
   * @param status what to answer; not OK
   */
  public void loseAnswer(Rpc rpc, long nth, Status status) {
    choose(rpc, nth, new Verdict(Kind.LOSE_ANSWER, notOk(status), Duration.ZERO));
  }

  /** Answers every call of this kind that arrives from now on never, until {@link #clear()}. */
  public void hangCalls(Rpc rpc) {
    synchronized (perRpc) {
      of(rpc).hanging = true;
      anyCallFault = true;
    }
  }

  /**
   * Does and answers every call of this kind later, by the emulator's clock.
   *
   * @param delay zero or more
   */
  public void delayCalls(Rpc rpc, Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("negative delay: " + delay);
    }
    synchronized (perRpc) {
      of(rpc).delay = delay;
      anyCallFault = true;
    }
  }

  /** Ends every streaming pull that is open now. What they hold stays leased to its deadline. */
  public void resetStreams(Status status) {
    resetStreams.accept(notOk(status));
  }

  /**
   * Delivers a share of the messages that are published from now on twice: a copy has the same
   * message id, is leased and acked on its own, and counts as a message in {@link
   * SubscriptionCounts}.
   *
   * @param share 0 to 1
   */
  public void duplicate(double share, long seed) {
    duplicateRandom = new Random(seed);
    duplicateShare = checkShare(share);
  }

  /**
   * Delivers out of order: the next message is drawn from so many at the front of the backlog, and
   * those whose deadline passed come again in any order. Subscriptions with message ordering are
   * spared.
   *
   * @param window 2 or more; {@code Integer.MAX_VALUE} draws from the whole backlog
   */
  public void reorder(int window, long seed) {
    if (window < 2) {
      throw new IllegalArgumentException("window too small: " + window + " (2 or more)");
    }
    reorderRandom = new Random(seed);
    reorderWindow = window;
  }

  /**
   * Answers acks as usual but forgets a share of them, so that their messages come again.
   *
   * @param share 0 to 1
   */
  public void dropAcks(double share, long seed) {
    droppedAckRandom = new Random(seed);
    droppedAckShare = checkShare(share);
  }

  /** Ends all faults. Calls that already hang go on hanging. */
  public void clear() {
    synchronized (perRpc) {
      perRpc.clear();
      anyCallFault = false;
    }
    duplicateShare = 0;
    reorderWindow = 0;
    droppedAckShare = 0;
  }

  Verdict judge(Rpc rpc) {
    if (!anyCallFault) {
      return Verdict.PASS;
    }
    synchronized (perRpc) {
      PerRpc faults = perRpc.get(rpc);
      if (faults == null) {
        return Verdict.PASS;
      }
      @Nullable Verdict chosen = faults.chosen.remove(++faults.calls);
      if (faults.hanging) {
        return new Verdict(Kind.HANG, Status.OK, Duration.ZERO);
      }
      return chosen == null
          ? new Verdict(Kind.PASS, Status.OK, faults.delay)
          : new Verdict(chosen.kind(), chosen.status(), faults.delay);
    }
  }

  int extraCopies() {
    return hits(duplicateShare, duplicateRandom) ? 1 : 0;
  }

  boolean dropsAck() {
    return hits(droppedAckShare, droppedAckRandom);
  }

  int reorderWindow() {
    return reorderWindow;
  }

  Random reorderRandom() {
    return reorderRandom;
  }

  private void choose(Rpc rpc, long nth, Verdict verdict) {
    if (nth < 1) {
      throw new IllegalArgumentException("call number out of range: " + nth + " (1 or more)");
    }
    synchronized (perRpc) {
      PerRpc faults = of(rpc);
      faults.chosen.put(faults.calls + nth, verdict);
      anyCallFault = true;
    }
  }

  private PerRpc of(Rpc rpc) {
    return perRpc.computeIfAbsent(rpc, unused -> new PerRpc());
  }

  private static boolean hits(double share, Random random) {
    return share > 0 && random.nextDouble() < share;
  }

  private static double checkShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share out of range: " + share + " (0 to 1)");
    }
    return share;
  }

  private static Status notOk(Status status) {
    if (status.isOk()) {
      throw new IllegalArgumentException("a fault needs a status other than OK");
    }
    return status;
  }
}
