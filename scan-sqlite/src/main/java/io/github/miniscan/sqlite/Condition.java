package io.github.miniscan.sqlite;

import io.github.miniscan.PortRange;
import io.github.miniscan.TimeRange;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * A condition in SQL that holds for every wanted row, and for others where SQL would grow too long:
 * it saves reading them, and the filter of the core decides.
 */
final class Condition {

  /** The values of one column that SQL is told; a longer list is left to the core. */
  private static final int MOST_VALUES = 16;

  private static final String BETWEEN = " BETWEEN ? AND ?";

  private final List<String> terms = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  /** Adds that a column is one of these texts. */
  void isOneOf(String column, Collection<String> texts) {
    if (texts.size() <= MOST_VALUES) {
      String parameters = String.join(", ", Collections.nCopies(texts.size(), "?"));
      add(column + " IN (" + parameters + ")", texts.toArray());
    }
  }

  /** Adds that a column is in one of these ranges, which are disjoint and ascending. */
  void isInAny(String column, List<PortRange> ranges) {
    if (ranges.size() <= MOST_VALUES) {
      String any = String.join(" OR ", Collections.nCopies(ranges.size(), column + BETWEEN));
      add("(" + any + ")", ranges.stream().flatMap(r -> Stream.of(r.first(), r.last())).toArray());
    } else {
      add(column + BETWEEN, ranges.get(0).first(), ranges.get(ranges.size() - 1).last());
    }
  }

  /** Adds that a column is in a range of times. */
  void isIn(String column, TimeRange range) {
    if (!range.equals(TimeRange.ALL)) {
      add(column + BETWEEN, range.first(), range.last());
    }
  }

  /** Adds a term in SQL, with the values of its parameters. */
  void add(String term, Object... parameters) {
    terms.add(term);
    values.addAll(List.of(parameters));
  }

  /** Returns the condition, with a parameter for each value. */
  String sql() {
    return terms.isEmpty() ? "TRUE" : String.join(" AND ", terms);
  }

  /**
   * Binds the values to the first parameters of a statement.
   *
   * @return the number of the next parameter
   */
  int bind(PreparedStatement statement) throws SQLException {
    int parameter = 1;
    for (Object value : values) {
      statement.setObject(parameter++, value);
    }
    return parameter;
  }
}
