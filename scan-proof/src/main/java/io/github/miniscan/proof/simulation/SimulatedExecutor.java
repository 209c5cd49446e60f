package io.github.miniscan.proof.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An executor beside one engine, in the same thread. It runs a task at once, at any later instant
 * of the engine's life, or never. It may refuse a task, or fail.
 */
final class SimulatedExecutor implements Executor {

  private final World world;
  private final Replica replica;
  private final boolean always;
  private final List<Runnable> waiting = new ArrayList<>();

  private SimulatedExecutor(World world, Replica replica, boolean always) {
    this.world = world;
    this.replica = replica;
    this.always = always;
  }

  /** Returns an executor that runs each task at once, or one that leaves it to chance, or null. */
  static @Nullable SimulatedExecutor drawn(World world, Replica replica) {
    return world.chance().onceIn(4)
        ? null
        : new SimulatedExecutor(world, replica, world.chance().onceIn(3));
  }

  @Override
  public void execute(Runnable task) {
    if (world.strikes(Fault.REFUSED_TASK)) {
      throw new RejectedExecutionException("refused");
    }
    if (world.strikes(Fault.BROKEN_EXECUTOR)) {
      throw replica.watch().ends(new IllegalStateException("the executor is broken"));
    }
    if (always || world.chance().onceIn(3)) {
      world.tally().decodedAtOnce++;
      replica.run(task);
    } else if (world.chance().onceIn(4)) {
      world.tally().neverBegun++;
    } else {
      waiting.add(task);
    }
  }

  /** Runs a task that was put off, or none. */
  void maybeGoOn() {
    if (!waiting.isEmpty() && world.chance().onceIn(3)) {
      world.tally().decodedLater++;
      replica.run(waiting.remove(world.chance().below(waiting.size())));
    }
  }
}
