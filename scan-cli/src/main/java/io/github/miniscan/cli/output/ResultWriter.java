package io.github.miniscan.cli.output;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.VisibleText;
import io.github.miniscan.format.Columns;
import io.github.miniscan.format.Csv;
import io.github.miniscan.format.JsonArray;
import io.github.miniscan.format.JsonLines;
import io.github.miniscan.format.ValueWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes results one after the other, without holding them: however many there are.
 *
 * @param <T> the type of the results
 */
public final class ResultWriter<T> {

  private final Columns<T> columns;
  private final ForPeople<T> forPeople;
  private final Writer out;
  private final int width;
  private final boolean onTerminal;

  private ResultWriter(
      Columns<T> columns, ForPeople<T> forPeople, Writer out, int width, boolean onTerminal) {
    this.columns = columns;
    this.forPeople = forPeople;
    this.out = out;
    this.width = width;
    this.onTerminal = onTerminal;
  }

  /**
   * Returns a writer of records.
   *
   * @param out the underlying writer, which is flushed and not closed
   * @param width the number of cells that a row of a table may take
   */
  public static ResultWriter<ScanRecord> ofRecords(Writer out, int width) {
    return new ResultWriter<>(Columns.ofRecords(), new RecordTable(), out, width, false);
  }

  /** Returns a writer of dead letters, otherwise as {@link #ofRecords}. */
  public static ResultWriter<DeadLetter> ofDeadLetters(Writer out, int width) {
    return new ResultWriter<>(Columns.ofDeadLetters(), new DeadLetterTable(), out, width, false);
  }

  /**
   * Returns this writer for a terminal: CSV shows strangers' control characters in visible form,
   * which is not exact. All other formats are harmless on a terminal anyway.
   */
  public ResultWriter<T> onTerminal(boolean isTerminal) {
    return new ResultWriter<>(columns, forPeople, out, width, isTerminal);
  }

  /** Writes all results. */
  public void write(Stream<T> values, Format format) throws IOException {
    Iterator<T> iterator = values.iterator();
    switch (format) {
      case TABLE -> new Table<>(forPeople, out, width).write(iterator);
      case JSON -> write(iterator, JsonArray.writer(columns, out));
      case JSONL -> write(iterator, JsonLines.writer(columns, out));
      case CSV ->
          write(iterator, onTerminal ? Csv.visibleWriter(columns, out) : Csv.writer(columns, out));
    }
    out.flush();
  }

  /** What comes before a failure is written; the text must not look as if it were whole. */
  private static <T> void write(Iterator<T> values, ValueWriter<T> writer) throws IOException {
    boolean complete = false;
    try {
      while (values.hasNext()) {
        writer.write(values.next());
      }
      complete = true;
    } finally {
      if (complete) {
        writer.close();
      } else {
        writer.flush();
      }
    }
  }

  /** Writes all of one value for a person, a line for each part. */
  public void writePage(T value) throws IOException {
    Map<String, String> page = forPeople.page(value);
    int widest = page.keySet().stream().mapToInt(String::length).max().orElse(0);
    for (Map.Entry<String, String> part : page.entrySet()) {
      String name = VisibleText.of(part.getKey());
      out.write(name + " ".repeat(Math.max(0, widest - name.length())) + "  ");
      out.write(VisibleText.of(part.getValue()));
      out.write('\n');
    }
    out.flush();
  }
}
