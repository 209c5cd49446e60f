package io.github.miniscan.traffic;

import java.util.List;

/**
 * How a store differs from what it must hold.
 *
 * @param records how many records it must hold
 * @param deadLetters how many dead letters it must hold
 * @param differences how many records and dead letters are missing, too many, or other than they
 *     must be
 * @param examples the first of the differences, a sentence each, harmless to show
 */
public record OracleReport(
    long records, long deadLetters, long differences, List<String> examples) {

  public OracleReport {
    examples = List.copyOf(examples);
  }

  /** Whether the store holds exactly what it must. */
  public boolean agrees() {
    return differences == 0;
  }

  /** What was compared, and the examples a line each. */
  @Override
  public String toString() {
    String compared =
        "%d differences in %d records and %d dead letters"
            .formatted(differences, records, deadLetters);
    return examples.isEmpty() ? compared : compared + ":\n  " + String.join("\n  ", examples);
  }
}
