package io.github.miniscan.proof.simulation;

import java.util.random.RandomGenerator;

/**
 * Random numbers from a seed, the same with every Java version: SplitMix64 (Steele, Lea and Flood,
 * OOPSLA 2014).
 */
final class Chance implements RandomGenerator {

  private static final long STEP = 0x9e3779b97f4a7c15L;

  private long state;

  Chance(long seed) {
    state = mix(seed);
  }

  /** Scatters neighbouring numbers over all the longs. */
  static long mix(long number) {
    long z = number + STEP;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  @Override
  public long nextLong() {
    long number = mix(state);
    state += STEP;
    return number;
  }

  /** From 0 to {@code bound - 1}; the engine's jitter is drawn with this. */
  @Override
  public long nextLong(long bound) {
    return Math.floorMod(nextLong(), bound);
  }

  /** From 0 to {@code bound - 1}. */
  int below(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** From {@code least} to {@code most}. */
  int between(int least, int most) {
    return least + below(most - least + 1);
  }

  /** One time in {@code times}. */
  boolean onceIn(int times) {
    return below(times) == 0;
  }

  /** True for this share of all calls. */
  boolean hits(double share) {
    return (nextLong() >>> 11) * 0x1.0p-53 < share;
  }
}
