package io.github.miniscan.proof;

import io.github.miniscan.bench.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a proof tried, in figures: those of the whole, and tables where it has several kinds.
 *
 * @param figures by what they count, in the order in which they are told
 * @param tables each named {@code PROOF-something}
 */
public record Finding(Map<String, String> figures, List<Table> tables) {

  public Finding {
    figures = new LinkedHashMap<>(figures);
    tables = List.copyOf(tables);
  }

  /** A finding that grows. */
  public static Builder builder() {
    return new Builder();
  }

  /** All figures in one line. */
  public String line() {
    return figures.entrySet().stream()
        .map(figure -> figure.getKey() + " " + figure.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Gathers figures and tables. */
  public static final class Builder {
    private final Map<String, String> figures = new LinkedHashMap<>();
    private final List<Table> tables = new ArrayList<>();

    private Builder() {}

    /** A count. */
    public Builder figure(String what, long count) {
      return figure(what, String.format(Locale.ROOT, "%,d", count));
    }

    /** A figure in words, with its unit. */
    public Builder figure(String what, String value) {
      figures.put(what, value);
      return this;
    }

    /** A table of the document. */
    public Builder table(Table table) {
      tables.add(table);
      return this;
    }

    /** What was gathered. */
    public Finding build() {
      return new Finding(figures, tables);
    }
  }
}
