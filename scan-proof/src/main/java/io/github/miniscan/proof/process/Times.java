package io.github.miniscan.proof.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long something took, each time. Thread-safe. */
public final class Times {

  private final List<Duration> times = new ArrayList<>();

  /** Takes note of one more. */
  public synchronized void add(Duration time) {
    times.add(time);
  }

  /** Takes note of all of these. */
  public void addAll(Times others) {
    others.copy().forEach(this::add);
  }

  private synchronized List<Duration> copy() {
    return List.copyOf(times);
  }

  /** The middle one, and the longest: {@code 0.51 s, at most 1.20 s (of 37)}. */
  @Override
  public String toString() {
    List<Duration> sorted = copy().stream().sorted().toList();
    return sorted.isEmpty()
        ? "never"
        : String.format(
            Locale.ROOT,
            "%s, at most %s (of %,d)",
            shown(sorted.get(sorted.size() / 2)),
            shown(sorted.get(sorted.size() - 1)),
            sorted.size());
  }

  /** In seconds: {@code 0.51 s}. */
  public static String shown(Duration time) {
    return String.format(Locale.ROOT, "%.2f s", time.toNanos() / 1e9);
  }
}
