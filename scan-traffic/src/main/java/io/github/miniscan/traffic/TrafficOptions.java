package io.github.miniscan.traffic;

import java.time.Instant;

/**
 * What traffic is like. Immutable: each {@code with} method gives new options.
 *
 * <p>Shares are from 0 to 1, of all messages; what the first four leave over are scans of keys
 * drawn at random.
 *
 * @param seed the same options with the same seed give the same messages, with every Java version
 * @param baseTime when the first message is scanned. A thousand messages later it is one second
 *     later; no scan is stamped more than an hour ahead of that
 * @param keys of how many keys scans are drawn: few keys make many updates, many keys make many
 *     records
 * @param responseBytes the size of responses on average; a few are much larger
 * @param malformed messages that must be rejected, for each reason equally often
 * @param duplicates messages of before, published again
 * @param ties scans of a key within the same second as one before, with another response
 * @param late scans that are up to a day old, and some that are much older
 * @param odd of keys, responses and ways to write them: those that are unusual but right
 */
public record TrafficOptions(
    long seed,
    Instant baseTime,
    int keys,
    int responseBytes,
    double malformed,
    double duplicates,
    double ties,
    double late,
    double odd) {

  private static final Instant DEFAULT_BASE_TIME = Instant.parse("2026-01-01T00:00:00Z");

  /**
   * @throws IllegalArgumentException when a number is out of its range, or the shares of messages
   *     are more than all
   */
  public TrafficOptions {
    if (baseTime.getEpochSecond() < 0) {
      throw new IllegalArgumentException("base time before the epoch: " + baseTime);
    }
    if (keys < 1 || responseBytes < 1) {
      throw new IllegalArgumentException(
          "out of range: " + keys + " keys, " + responseBytes + " bytes (1 or more)");
    }
    if (!isShare(malformed)
        || !isShare(duplicates)
        || !isShare(ties)
        || !isShare(late)
        || !isShare(odd)
        || malformed + duplicates + ties + late > 1) {
      throw new IllegalArgumentException(
          "shares out of range: malformed %s, duplicates %s, ties %s, late %s, odd %s (0 to 1)"
              .formatted(malformed, duplicates, ties, late, odd));
    }
  }

  private static boolean isShare(double share) {
    return share >= 0 && share <= 1;
  }

  /** What a scanner in good health sends: many keys, little that is late, hardly any nonsense. */
  public static TrafficOptions realistic(long seed) {
    return new TrafficOptions(
        seed, DEFAULT_BASE_TIME, 1_000_000, 100, 0.001, 0.01, 0.001, 0.02, 0.02);
  }

  /** What a consumer must bear: few keys, and much of everything that goes wrong. */
  public static TrafficOptions nasty(long seed) {
    return new TrafficOptions(seed, DEFAULT_BASE_TIME, 20_000, 60, 0.1, 0.1, 0.1, 0.2, 0.3);
  }

  public TrafficOptions withBaseTime(Instant baseTime) {
    return new TrafficOptions(
        seed, baseTime, keys, responseBytes, malformed, duplicates, ties, late, odd);
  }

  public TrafficOptions withKeys(int keys) {
    return new TrafficOptions(
        seed, baseTime, keys, responseBytes, malformed, duplicates, ties, late, odd);
  }

  public TrafficOptions withResponseBytes(int responseBytes) {
    return new TrafficOptions(
        seed, baseTime, keys, responseBytes, malformed, duplicates, ties, late, odd);
  }

  public TrafficOptions withMalformed(double malformed) {
    return new TrafficOptions(
        seed, baseTime, keys, responseBytes, malformed, duplicates, ties, late, odd);
  }

  public TrafficOptions withDuplicates(double duplicates) {
    return new TrafficOptions(
        seed, baseTime, keys, responseBytes, malformed, duplicates, ties, late, odd);
  }

  public TrafficOptions withTies(double ties) {
    return new TrafficOptions(
        seed, baseTime, keys, responseBytes, malformed, duplicates, ties, late, odd);
  }

  public TrafficOptions withLate(double late) {
    return new TrafficOptions(
        seed, baseTime, keys, responseBytes, malformed, duplicates, ties, late, odd);
  }

  public TrafficOptions withOdd(double odd) {
    return new TrafficOptions(
        seed, baseTime, keys, responseBytes, malformed, duplicates, ties, late, odd);
  }
}
