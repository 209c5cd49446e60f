package io.github.miniscan.format;

import static java.util.Objects.requireNonNull;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.miniscan.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CSV (RFC 4180) with a header, and lines that end with a line feed.
 *
 * <p>A spreadsheet takes a cell that begins with one of a few characters for a formula, and runs
 * what a stranger wrote (OWASP, CSV injection). An apostrophe in front makes it text: the writer
 * puts exactly one there, and the reader takes exactly one off. NUL is written as U+FFFD, since
 * readers cut a text there; a record then has its bytes beside it.
 */
public final class Csv {

  /** The beginning of a formula, perhaps behind apostrophes that are part of the value. */
  private static final Pattern FORMULA =
      Pattern.compile("'*[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20].*", Pattern.DOTALL);

  private static final char GUARD = '\'';

  private Csv() {}

  /**
   * Returns a writer of CSV. It is exact, and so may hold what a terminal obeys.
   *
   * @param out the underlying writer, which should be buffered
   */
  public static <T> ValueWriter<T> writer(Columns<T> columns, Writer out) throws IOException {
    return writer(columns, out, UnaryOperator.identity());
  }

  /** Returns a writer of CSV for a person's eyes: it shows what a terminal would obey. */
  public static <T> ValueWriter<T> visibleWriter(Columns<T> columns, Writer out)
      throws IOException {
    return writer(columns, out, VisibleText::of);
  }

  private static <T> ValueWriter<T> writer(
      Columns<T> columns, Writer out, UnaryOperator<String> form) throws IOException {
    CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).bufferSize(0).build(out);
    writeRow(csv, columns.names());
    return new ValueWriter<>() {
      @Override
      public void write(T value) throws IOException {
        writeRow(
            csv,
            columns.fields(value).stream()
                .map(field -> form.apply(guarded(field).replace('\0', '\ufffd')))
                .toList());
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }

      @Override
      public void close() throws IOException {
        out.flush();
      }
    };
  }

  private static void writeRow(CsvWriter csv, List<String> cells) throws IOException {
    try {
      csv.writeRecord(cells);
    } catch (UncheckedIOException e) {
      throw requireNonNull(e.getCause());
    }
  }

  private static String guarded(String field) {
    return FORMULA.matcher(field).matches() ? GUARD + field : field;
  }

  private static String unguarded(String cell) {
    boolean isGuarded = !cell.isEmpty() && cell.charAt(0) == GUARD;
    return isGuarded && FORMULA.matcher(cell).matches() ? cell.substring(1) : cell;
  }

  /**
   * Returns a reader of CSV in strict UTF-8, as {@link #writer} writes it; lines may also end with
   * CR LF, and a byte order mark at the beginning is passed over.
   *
   * @throws MalformedTextException when the header is another one
   */
  public static <T> ValueReader<T> reader(Columns<T> columns, InputStream in)
      throws IOException, MalformedTextException {
    Rows rows = new Rows(in);
    @Nullable CsvRecord header = rows.next();
    if (header == null || !header.getFields().equals(columns.names())) {
      throw MalformedTextException.last(
          1, "the header is not " + String.join(",", columns.names()), null);
    }
    return new ValueReader<>() {
      @Override
      public Optional<T> next() throws IOException, MalformedTextException {
        @Nullable CsvRecord row = rows.next();
        if (row == null) {
          return Optional.empty();
        }
        try {
          return Optional.of(columns.value(members(columns.names(), row)));
        } catch (MalformedValueException | IllegalArgumentException e) {
          throw new MalformedTextException(
              row.getStartingLineNumber(), String.valueOf(e.getMessage()));
        }
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }

  private static Members members(List<String> names, CsvRecord row) throws MalformedValueException {
    if (row.getFieldCount() != names.size()) {
      throw new MalformedValueException(row.getFieldCount() + " fields instead of " + names.size());
    }
    Map<String, @Nullable Object> members = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      members.put(names.get(i), unguarded(row.getField(i)));
    }
    return new Members(members, true);
  }

  /** The rows of a file, one at a time. */
  private static final class Rows {
    private final Iterator<CsvRecord> rows;
    private long line = 1;

    Rows(InputStream in) throws IOException {
      Reader text = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
      PushbackReader marked = new PushbackReader(text);
      rows =
          CsvReader.builder()
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .allowUnclosedQuote(false)
              .ofCsvRecord(marked)
              .iterator();
      int first;
      try {
        first = marked.read();
      } catch (CharacterCodingException e) {
        first = -1;
      }
      if (first >= 0 && first != '\ufeff') {
        marked.unread(first);
      }
    }

    @Nullable CsvRecord next() throws IOException, MalformedTextException {
      try {
        if (!rows.hasNext()) {
          return null;
        }
        CsvRecord row = rows.next();
        line = row.getStartingLineNumber();
        return row;
      } catch (CsvParseException e) {
        throw MalformedTextException.last(line, "not CSV after this line", e);
      } catch (UncheckedIOException e) {
        if (e.getCause() instanceof CharacterCodingException) {
          throw MalformedTextException.last(line, "not UTF-8 after this line", e);
        }
        throw requireNonNull(e.getCause());
      }
    }
  }
}
