package io.github.miniscan.bench.harness;

import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficOptions;
import java.util.List;

/**
 * The messages of a measurement: the first so many of realistic traffic.
 *
 * @param keys of how many keys scans are drawn
 * @param malformed the share of messages that must be rejected
 */
public record Traffic(long seed, int count, int keys, double malformed) {

  /** What to tell {@code publish}. */
  List<String> arguments() {
    return List.of(
        "--traffic=realistic",
        "--seed=" + seed,
        "--count=" + count,
        "--keys=" + keys,
        "--malformed=" + malformed);
  }

  /** What makes the same messages inside of a JVM. */
  public TrafficOptions options() {
    return TrafficOptions.realistic(seed).withKeys(keys).withMalformed(malformed);
  }

  /**
   * Knows what a store must hold when all messages have been settled. Takes seconds, and memory.
   */
  public Oracle oracle() {
    return Oracle.of(options(), count);
  }

  Traffic withCount(int newCount) {
    return new Traffic(seed, newCount, keys, malformed);
  }
}
