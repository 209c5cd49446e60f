package io.github.miniscan.proof.disk;

import io.github.miniscan.sqlite.start.NativeLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A process that runs a {@link Script} and tells after each step, by a byte in another file, that
 * it is durable.
 */
final class ScriptWorker {

  /** Begins a run. */
  static final char BEGUN = '<';

  /** After each step. */
  static final char DURABLE = '.';

  private ScriptWorker() {}

  /**
   * Takes the seed of the script, the file of the store, the one for the marks, and a directory to
   * keep the native library in.
   */
  public static void main(String[] args) throws IOException {
    NativeLibrary.keepIn(Path.of(args[3]));
    Script script = Script.of(Long.parseLong(args[0]));
    try (Script.Life life = new Script.Life(Path.of(args[1]));
        OutputStream marks =
            Files.newOutputStream(
                Path.of(args[2]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      mark(marks, BEGUN);
      for (Script.Step step : script.steps()) {
        step.run(life);
        mark(marks, DURABLE);
      }
    }
  }

  private static void mark(OutputStream marks, char mark) throws IOException {
    marks.write(Character.toString(mark).getBytes(StandardCharsets.US_ASCII));
  }
}
