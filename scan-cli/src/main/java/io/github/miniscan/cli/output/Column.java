package io.github.miniscan.cli.output;

import java.util.function.Function;

/**
 * A column of a table for people.
 *
 * @param heading stands above it
 * @param text gives the cell of a value; strangers' text in it is still raw
 * @param narrowest the number of cells of a terminal below which nothing is cut
 * @param widest the number of cells beyond which everything is cut
 * @param <T> what a row shows
 */
record Column<T>(String heading, Function<T, String> text, int narrowest, int widest) {

  /** A column whose texts are never cut: half of an address is none. */
  static <T> Column<T> whole(String heading, Function<T, String> text) {
    return new Column<>(heading, text, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** A column of strangers' text, which may be cut to the width of its heading. */
  static <T> Column<T> cut(String heading, Function<T, String> text) {
    return new Column<>(heading, text, heading.length(), 40);
  }
}
