package io.github.miniscan.proof.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What decodes beside one engine, in the same thread: it runs a task at once, at any later instant
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

  /** One that runs each task at once, or one that does as chance will have it; null for none. */
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

  /** An instant at which a task may run that was put off. */
  void maybeGoOn() {
    if (!waiting.isEmpty() && world.chance().onceIn(3)) {
      world.tally().decodedLater++;
      replica.run(waiting.remove(world.chance().below(waiting.size())));
    }
  }
}
