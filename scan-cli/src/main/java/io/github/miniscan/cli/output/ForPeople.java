package io.github.miniscan.cli.output;

import java.util.List;
import java.util.Map;

/**
 * How people see one kind of value. Strangers' text in what is returned is still raw.
 *
 * @param <T> the type of the values
 */
interface ForPeople<T> {

  /**
   * Returns the columns of tables: of the table that tells most first, and of the one that takes
   * the least room last.
   */
  List<List<Column<T>>> tables();

  /** Returns all of a value as a page, as names and texts in order. */
  Map<String, String> page(T value);
}
