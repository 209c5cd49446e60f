package io.github.miniscan.bench.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a section, in the order in which they were made. A run with a fault is kept and
 * counted nowhere. Not safe for use by several threads.
 */
public final class Runs {

  private final List<Run> runs = new ArrayList<>();

  /** Takes a run in. */
  public void add(Run run) {
    runs.add(run);
  }

  /** Every run, sound or not. */
  public List<Run> all() {
    return List.copyOf(runs);
  }

  /** The groups, in the order in which they first ran. */
  public Collection<String> groups() {
    LinkedHashSet<String> groups = new LinkedHashSet<>();
    runs.forEach(run -> groups.add(run.group()));
    return groups;
  }

  /** What a contestant showed over all rounds of a group; empty when no sound run has it. */
  public Optional<Spread> spread(String group, String contestant, String figure) {
    Collection<Double> values = byRound(group, contestant, figure).values();
    return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
  }

  /**
   * One contestant's figure over another's, for each round in which both ran soundly; empty when
   * there is none.
   */
  public Optional<Spread> ratio(String group, String contestant, String against, String figure) {
    Map<Integer, Double> dividends = byRound(group, contestant, figure);
    Map<Integer, Double> divisors = byRound(group, against, figure);
    List<Double> ratios = new ArrayList<>();
    dividends.forEach(
        (round, value) -> {
          @Nullable Double divisor = divisors.get(round);
          if (divisor != null) {
            ratios.add(value / divisor);
          }
        });
    return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
  }

  /** What was wrong with a contestant's runs in a group, each fault once. */
  public Collection<String> faults(String group, String contestant) {
    LinkedHashSet<String> faults = new LinkedHashSet<>();
    for (Run run : runs) {
      if (run.group().equals(group) && run.contestant().equals(contestant) && !run.isSound()) {
        faults.add(run.fault());
      }
    }
    return faults;
  }

  private Map<Integer, Double> byRound(String group, String contestant, String figure) {
    Map<Integer, Double> values = new HashMap<>();
    for (Run run : runs) {
      @Nullable Double value = run.figures().get(figure);
      if (value != null
          && run.isSound()
          && run.group().equals(group)
          && run.contestant().equals(contestant)) {
        values.put(run.round(), value);
      }
    }
    return values;
  }
}
