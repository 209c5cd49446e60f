package io.github.miniscan.format;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON Lines: one JSON object a line, and nothing else. */
public final class JsonLines {

  private JsonLines() {}

  /**
   * Returns a writer of lines.
   *
   * @param out the underlying writer, which should be buffered
   */
  public static <T> ValueWriter<T> writer(Columns<T> columns, Writer out) throws IOException {
    JsonGenerator json = SafeJson.generator(out);
    return new ValueWriter<>() {
      @Override
      public void write(T value) throws IOException {
        columns.writeObject(value, json);
        json.writeRaw('\n');
      }

      @Override
      public void flush() throws IOException {
        json.flush();
        out.flush();
      }

      @Override
      public void close() throws IOException {
        json.close();
        out.flush();
      }
    };
  }

  /**
   * Returns a reader of lines in strict UTF-8. Members that are not known are ignored, empty lines
   * are passed over, and so is a byte order mark at the beginning.
   */
  public static <T> ValueReader<T> reader(Columns<T> columns, InputStream in) {
    Utf8Lines lines = new Utf8Lines(in);
    return new ValueReader<>() {
      @Override
      public Optional<T> next() throws IOException, MalformedTextException {
        @Nullable String line = lines.next();
        while (line != null && line.isBlank()) {
          line = lines.next();
        }
        if (line == null) {
          return Optional.empty();
        }
        try {
          return Optional.of(columns.value(new Members(JsonObjects.parse(line), false)));
        } catch (MalformedValueException | IllegalArgumentException e) {
          throw new MalformedTextException(lines.number(), String.valueOf(e.getMessage()));
        }
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }
}
