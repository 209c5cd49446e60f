package io.github.miniscan.cli.output;

import java.util.Locale;

/** The ways to write results. */
public enum Format {
  /** For people: aligned, shortened, and every control character shown in visible form. */
  TABLE,
  /** One JSON array. */
  JSON,
  /** One JSON object a line. */
  JSONL,
  /** RFC 4180 with a header, and no cell that a spreadsheet would take for a formula. */
  CSV;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
