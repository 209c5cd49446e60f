package io.github.miniscan.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table in Markdown.
 *
 * @param name between which markers it stands
 * @param rows each as long as the header; the first column is text, the others are numbers
 */
public record Table(String name, List<String> header, List<List<String>> rows) {

  public Table {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
    for (List<String> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "table %s has %d columns: %s".formatted(name, header.size(), row));
      }
    }
  }

  /** A table that grows row by row. */
  public static Builder builder(String name, String... header) {
    return new Builder(name, List.of(header));
  }

  /** The table in GitHub's Markdown, ending with a line break. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    append(text, header);
    List<String> rule = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      rule.add(i == 0 ? "---" : "---:");
    }
    append(text, rule);
    rows.forEach(row -> append(text, row));
    return text.toString();
  }

  private static void append(StringBuilder text, List<String> cells) {
    text.append('|');
    for (String cell : cells) {
      text.append(' ').append(cell.replace("|", "\\|").replace('\n', ' ')).append(" |");
    }
    text.append('\n');
  }

  /** Gathers rows. */
  public static final class Builder {
    private final String name;
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    private Builder(String name, List<String> header) {
      this.name = name;
      this.header = header;
    }

    /** Appends a row. */
    public Builder row(String... cells) {
      rows.add(List.of(cells));
      return this;
    }

    /** The table so far. */
    public Table build() {
      return new Table(name, header, rows);
    }
  }
}
