package io.github.miniscan.proof.simulation;

import io.github.miniscan.proof.BrokenPromiseException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One simulated life of a consumer, all of which follows from its seed.
 *
 * @param seed the schedule
 * @param rig what stands between the engine and the simulation
 */
record Schedule(long seed, Rig rig) {

  /** The seed of one of many schedules; the first has the seed of them all. */
  static long seedOf(long seed, long index) {
    return index == 0 ? seed : Chance.mix(Chance.mix(seed) + index) >>> 1;
  }

  /**
   * Runs it.
   *
   * @param tally where what happened is counted
   * @param trace where each step is told; null for nowhere
   * @throws BrokenPromiseException when the engine did what it may not do, or the store does not
   *     hold what it must; the message says how to see it again
   */
  void run(Tally tally, @Nullable Consumer<String> trace) {
    try {
      new World(seed, rig, tally, trace).run();
      tally.schedules++;
    } catch (Violation e) {
      throw broken(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      throw broken("an engine or its world threw " + e, e);
    }
  }

  private BrokenPromiseException broken(String what, Throwable cause) {
    return new BrokenPromiseException(
        "%s (scan-proof/run simulation --seed %d --size 1)".formatted(what, seed), cause);
  }
}
