package io.github.miniscan.cli.output;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.VisibleText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes results one after the other, without holding them: however many there are.
 *
 * @param <T> what is written
 */
public final class ResultWriter<T> {

  private final Columns<T> columns;
  private final Writer out;
  private final int width;
  private final boolean forPerson;

  private ResultWriter(Columns<T> columns, Writer out, int width, boolean forPerson) {
    this.columns = columns;
    this.out = out;
    this.width = width;
    this.forPerson = forPerson;
  }

  /**
   * For records.
   *
   * @param out where to; it is flushed, not closed
   * @param width the number of cells that a row of a table may take
   */
  public static ResultWriter<ScanRecord> ofRecords(Writer out, int width) {
    return new ResultWriter<>(new RecordColumns(), out, width, false);
  }

  /** For dead letters; otherwise as {@link #ofRecords}. */
  public static ResultWriter<DeadLetter> ofDeadLetters(Writer out, int width) {
    return new ResultWriter<>(new DeadLetterColumns(), out, width, false);
  }

  /**
   * Returns this writer for a terminal: CSV shows strangers' control characters in visible form,
   * which is not exact. All other formats are harmless on a terminal anyway.
   */
  public ResultWriter<T> onTerminal(boolean isTerminal) {
    return new ResultWriter<>(columns, out, width, isTerminal);
  }

  /**
   * Writes all of them.
   *
   * @return how many there were
   */
  public long write(Stream<T> values, Format format) throws IOException {
    Iterator<T> iterator = values.iterator();
    long count =
        switch (format) {
          case TABLE -> new Table<>(columns, out, width).write(iterator);
          case JSON -> writeObjects(iterator, "[", ",\n ", "]\n");
          case JSONL -> writeObjects(iterator, "", "\n", iterator.hasNext() ? "\n" : "");
          case CSV -> writeCsv(iterator);
        };
    out.flush();
    return count;
  }

  /** Writes all of one value for a person, a line for each part. */
  public void writePage(T value) throws IOException {
    Map<String, String> page = columns.page(value);
    int widest = page.keySet().stream().mapToInt(String::length).max().orElse(0);
    for (Map.Entry<String, String> part : page.entrySet()) {
      String name = VisibleText.of(part.getKey());
      out.write(name + " ".repeat(Math.max(0, widest - name.length())) + "  ");
      out.write(VisibleText.of(part.getValue()));
      out.write('\n');
    }
    out.flush();
  }

  private long writeObjects(Iterator<T> values, String before, String between, String after)
      throws IOException {
    long count = 0;
    try (JsonGenerator json = SafeJson.generator(out)) {
      json.writeRaw(before);
      while (values.hasNext()) {
        json.writeRaw(count == 0 ? "" : between);
        writeObject(values.next(), json);
        count++;
      }
      json.writeRaw(after);
    }
    return count;
  }

  private void writeObject(T value, JsonGenerator json) throws IOException {
    json.writeStartObject();
    columns.writeMembers(value, json);
    json.writeEndObject();
  }

  private long writeCsv(Iterator<T> values) throws IOException {
    long count = 0;
    CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).bufferSize(0).build(out);
    try {
      csv.writeRecord(columns.names());
      while (values.hasNext()) {
        List<String> fields = columns.fields(values.next());
        csv.writeRecord(fields.stream().map(this::cell).toList());
        count++;
      }
    } catch (UncheckedIOException e) {
      // The CSV writer wraps what the output throws, an output that was closed for one.
      throw requireNonNull(e.getCause());
    }
    return count;
  }

  /** A cell of CSV holds no NUL; the field with the bytes in base64 has it. */
  private String cell(String field) {
    String guarded = withoutFormula(field).replace('\0', '\ufffd');
    return forPerson ? VisibleText.of(guarded) : guarded;
  }

  /**
   * A spreadsheet takes a cell that begins so for a formula, and runs what a stranger wrote; an
   * apostrophe in front makes it text (OWASP, CSV injection).
   */
  private static String withoutFormula(String field) {
    return !field.isEmpty() && "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20".indexOf(field.charAt(0)) >= 0
        ? "'" + field
        : field;
  }
}
