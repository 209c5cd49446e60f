package io.github.miniscan.cli.output;

import io.github.miniscan.VisibleText;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A table for a person: columns as wide as the first rows need, the last one cut at the width of
 * the screen, every control character in visible form.
 */
final class Table<T> {

  private static final int ROWS_MEASURED = 200;
  private static final int LONGEST_CELL = 40;
  private static final int SHORTEST_LAST = 20;
  private static final String GAP = "  ";

  private final Columns<T> columns;
  private final Writer out;
  private final int width;

  Table(Columns<T> columns, Writer out, int width) {
    this.columns = columns;
    this.out = out;
    this.width = width;
  }

  long write(Iterator<T> values) throws IOException {
    List<List<String>> first = new ArrayList<>();
    while (values.hasNext() && first.size() < ROWS_MEASURED) {
      first.add(visible(values.next()));
    }
    if (first.isEmpty()) {
      return 0;
    }
    int[] widths = widths(first);
    writeRow(columns.headings(), widths);
    for (List<String> row : first) {
      writeRow(row, widths);
    }
    long count = first.size();
    while (values.hasNext()) {
      writeRow(visible(values.next()), widths);
      count++;
    }
    return count;
  }

  private List<String> visible(T value) {
    return columns.cells(value).stream().map(cell -> visible(cell)).toList();
  }

  /** A response may be megabytes: only what may be seen is made visible. */
  private String visible(String cell) {
    int enough = Math.max(width, LONGEST_CELL) + 1;
    return VisibleText.of(cell.length() > enough ? cell.substring(0, enough) : cell);
  }

  private int[] widths(List<List<String>> rows) {
    int[] widths = columns.headings().stream().mapToInt(String::length).toArray();
    int used = 0;
    for (int i = 0; i < widths.length - 1; i++) {
      for (List<String> row : rows) {
        widths[i] = Math.min(LONGEST_CELL, Math.max(widths[i], length(row.get(i))));
      }
      used += widths[i] + GAP.length();
    }
    widths[widths.length - 1] = Math.max(SHORTEST_LAST, width - used);
    return widths;
  }

  private void writeRow(List<String> cells, int[] widths) throws IOException {
    StringBuilder line = new StringBuilder();
    int last = cells.size() - 1;
    for (int i = 0; i < last; i++) {
      String cell = cells.get(i);
      line.append(cell).append(" ".repeat(Math.max(0, widths[i] - length(cell)))).append(GAP);
    }
    line.append(cut(cells.get(last), widths[last]));
    out.write(line.toString().stripTrailing());
    out.write('\n');
  }

  private static String cut(String cell, int width) {
    return length(cell) <= width
        ? cell
        : cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
