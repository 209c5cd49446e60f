package io.github.miniscan.traffic;

import java.util.List;

/**
 * Random numbers from a seed, the same with every Java version: SplitMix64 (Steele, Lea and Flood,
 * OOPSLA 2014).
 */
final class Dice {

  private static final long STEP = 0x9e3779b97f4a7c15L;

  private long state;

  Dice(long seed) {
    state = mix(seed);
  }

  /** Scatters neighbouring numbers over all the longs. */
  static long mix(long number) {
    long z = number + STEP;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  long next() {
    long number = mix(state);
    state += STEP;
    return number;
  }

  /** From 0 to {@code bound - 1}. */
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** From 0 to just below 1. */
  double fraction() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  boolean chance(double share) {
    return fraction() < share;
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(below(choices.size()));
  }
}
