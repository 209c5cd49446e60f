package io.github.miniscan.bench.harness;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * In which order contestants run: each round starts with another one, and every other round goes
 * backwards, so that none always has the same neighbour or the same place.
 */
final class Turns {

  private Turns() {}

  /** The order of a round, counted from 1. */
  static <T> List<T> of(List<T> contestants, int round) {
    List<T> turns = new ArrayList<>(contestants);
    Collections.rotate(turns, -(round - 1) / 2);
    if (round % 2 == 0) {
      Collections.reverse(turns);
    }
    return turns;
  }
}
