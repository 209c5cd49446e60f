package io.github.miniscan.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * How one kind of result looks in each {@link Format}.
 *
 * @param <T> what is written
 */
interface Columns<T> {

  /**
   * Returns the columns of tables for people: of the table that tells most first, and of the one
   * that takes the least room last.
   */
  List<List<Column<T>>> tables();

  /** All of the value for people, as names and texts in order; strangers' text is still raw. */
  Map<String, String> page(T value);

  /** The names of {@link #fields}. */
  List<String> names();

  /** The row for CSV: all of the value, raw. */
  List<String> fields(T value);

  /** Writes the members of the JSON object, which is open. */
  void writeMembers(T value, JsonGenerator json) throws IOException;
}
