package io.github.miniscan.format;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;

/** One JSON array, of an object for each value. */
public final class JsonArray {

  private JsonArray() {}

  /**
   * Returns a writer of an array.
   *
   * @param out the underlying writer, which should be buffered
   */
  public static <T> ValueWriter<T> writer(Columns<T> columns, Writer out) throws IOException {
    JsonGenerator json = SafeJson.generator(out);
    return new ValueWriter<>() {
      private String before = "[";

      @Override
      public void write(T value) throws IOException {
        json.writeRaw(before);
        columns.writeObject(value, json);
        before = ",\n ";
      }

      @Override
      public void flush() throws IOException {
        json.flush();
        out.flush();
      }

      @Override
      public void close() throws IOException {
        json.writeRaw(before.equals("[") ? "[]\n" : "]\n");
        json.close();
        out.flush();
      }
    };
  }
}
