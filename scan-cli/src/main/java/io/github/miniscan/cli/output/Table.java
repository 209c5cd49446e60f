package io.github.miniscan.cli.output;

import io.github.miniscan.VisibleText;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * A table for a person: columns as wide as the first rows need, the last one cut at the width of
 * the screen, every control character in visible form. Where the screen is too narrow it has fewer
 * columns. A later row that needs wider columns begins the table again, with its headings.
 */
final class Table<T> {

  private static final int ROWS_MEASURED = 200;

  /** The last column has at least that many cells, where a table with less in it can do that. */
  private static final int SHORTEST_LAST = 16;

  private static final String GAP = "  ";

  private final List<List<Column<T>>> tables;
  private final Writer out;
  private final int width;

  /** What is shown at present, and the width of each column. */
  private int table;

  private int[] widths = {};

  Table(ForPeople<T> forPeople, Writer out, int width) {
    this.tables = forPeople.tables();
    this.out = out;
    this.width = width;
  }

  void write(Iterator<T> values) throws IOException {
    List<T> rows = next(values, ROWS_MEASURED);
    while (!rows.isEmpty()) {
      for (int i = 0; i < rows.size(); i++) {
        List<String> cells = cells(rows.get(i));
        if (!fits(cells)) {
          begin(rows.subList(i, rows.size()));
          cells = cells(rows.get(i));
        }
        writeRow(cells);
      }
      rows = next(values, ROWS_MEASURED);
    }
  }

  private static <T> List<T> next(Iterator<T> values, int most) {
    List<T> rows = new ArrayList<>();
    while (rows.size() < most && values.hasNext()) {
      rows.add(values.next());
    }
    return rows;
  }

  private boolean fits(List<String> cells) {
    if (widths.length == 0) {
      return false;
    }
    for (int i = 0; i < widths.length - 1; i++) {
      Column<T> column = tables.get(table).get(i);
      if (Math.min(CellWidth.of(cells.get(i)), column.narrowest()) > widths[i]) {
        return false;
      }
    }
    return true;
  }

  /** Chooses a table in which these rows and those before them fit, and writes its headings. */
  private void begin(List<T> rows) throws IOException {
    int[] before = widths;
    int tableBefore = table;
    while (true) {
      int[] wanted = wanted(rows);
      if (table == tableBefore) {
        for (int i = 0; i < before.length; i++) {
          wanted[i] = Math.max(wanted[i], before[i]);
        }
      }
      if (shrink(wanted) || table == tables.size() - 1) {
        widths = wanted;
        break;
      }
      table++;
    }
    writeRow(tables.get(table).stream().map(Column::heading).toList());
  }

  /** What each column but the last would take if there were room. */
  private int[] wanted(List<T> rows) {
    List<Column<T>> columns = tables.get(table);
    int[] wanted = columns.stream().mapToInt(column -> column.heading().length()).toArray();
    for (T row : rows) {
      List<String> cells = cells(row);
      for (int i = 0; i < wanted.length - 1; i++) {
        int cell = Math.min(CellWidth.of(cells.get(i)), columns.get(i).widest());
        wanted[i] = Math.max(wanted[i], cell);
      }
    }
    return wanted;
  }

  /**
   * Takes from the widest columns that may be cut until the last one has room, and gives the last
   * one what is left.
   *
   * @return whether that is enough for it
   */
  private boolean shrink(int[] widths) {
    List<Column<T>> columns = tables.get(table);
    int last = widths.length - 1;
    int left = width - GAP.length() * last - Arrays.stream(widths, 0, last).sum();
    while (left < SHORTEST_LAST) {
      int widest = -1;
      for (int i = 0; i < last; i++) {
        boolean mayBeCut = widths[i] > columns.get(i).narrowest();
        if (mayBeCut && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      left++;
    }
    widths[last] = Math.max(1, left);
    return left >= SHORTEST_LAST;
  }

  private List<String> cells(T value) {
    return tables.get(table).stream().map(column -> visible(column.text().apply(value))).toList();
  }

  /** A response may be megabytes: only what may be seen is made visible. */
  private String visible(String cell) {
    int enough = Math.max(width, 100);
    if (cell.length() <= enough) {
      return VisibleText.of(cell);
    }
    int end = Character.isHighSurrogate(cell.charAt(enough - 1)) ? enough - 1 : enough;
    return VisibleText.of(cell.substring(0, end)) + "…";
  }

  private void writeRow(List<String> cells) throws IOException {
    StringBuilder line = new StringBuilder();
    int last = cells.size() - 1;
    for (int i = 0; i < last; i++) {
      line.append(CellWidth.pad(CellWidth.cut(cells.get(i), widths[i]), widths[i])).append(GAP);
    }
    line.append(CellWidth.cut(cells.get(last), widths[last]));
    out.write(line.toString().stripTrailing());
    out.write('\n');
  }
}
