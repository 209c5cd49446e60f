package io.github.miniscan.cli.output;

import io.github.miniscan.format.JsonText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;

/** Writes the counts in which a command ends: one object, in whatever format. */
public final class CountsWriter {

  private CountsWriter() {}

  /** Writes one JSON object or, as CSV, a header and a row; for people too, JSON reads well. */
  public static void write(PrintWriter out, Format format, Map<String, Long> counts)
      throws IOException {
    switch (format) {
      case CSV -> {
        out.println(String.join(",", counts.keySet()));
        out.println(String.join(",", counts.values().stream().map(String::valueOf).toList()));
      }
      case JSON, JSONL, TABLE -> out.println(JsonText.ofCounts(counts));
    }
    if (out.checkError()) {
      throw new OutputException();
    }
  }
}
