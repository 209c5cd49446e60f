package io.github.miniscan.bench.report;

import java.util.Map;

/**
 * One run of one contestant.
 *
 * @param group what it ran with; only runs of one group are compared
 * @param round which round of the group, from 1; contestants of one round ran in turn
 * @param figures what was measured, by name
 * @param fault what makes the figures worthless, such as a store that is wrong; empty when sound
 */
public record Run(
    String group, String contestant, int round, Map<String, Double> figures, String fault) {

  public Run {
    figures = Map.copyOf(figures);
  }

  boolean isSound() {
    return fault.isEmpty();
  }
}
