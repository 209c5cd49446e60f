package io.github.miniscan.cli.output;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What is known of the terminal, if there is one. */
public final class Terminal {

  private static final int USUAL_WIDTH = 120;

  private Terminal() {}

  /**
   * Whether standard output is a terminal. The launcher knows and says so in the property {@code
   * scan.terminal}; the JVM only knows of a console that is both input and output.
   */
  @SuppressWarnings("SystemConsoleNull") // isInteractive knows what has changed
  public static boolean isStandardOutput() {
    String told = System.getProperty("scan.terminal");
    if (told != null) {
      return told.equals("true");
    }
    Console console = System.console();
    return console != null && isInteractive(console);
  }

  /** Since Java 22 there is a console even where there is no terminal. */
  private static boolean isInteractive(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /**
   * Returns how many cells fit on a line: as the variable COLUMNS says, which the launcher sets,
   * else as the terminal itself says.
   */
  public static int width() {
    OptionalInt told = number(System.getenv("COLUMNS"));
    if (told.isEmpty() && isStandardOutput()) {
      told = number(columnsOfTerminal());
    }
    return told.orElse(USUAL_WIDTH);
  }

  private static OptionalInt number(@Nullable String columns) {
    return columns != null && columns.matches("[1-9]\\d{0,3}")
        ? OptionalInt.of(Integer.parseInt(columns))
        : OptionalInt.empty();
  }

  /** Java cannot ask a terminal for its size; the program stty can. */
  private static @Nullable String columnsOfTerminal() {
    File terminal = new File("/dev/tty");
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(terminal)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return size.strip().replaceFirst(".* ", "");
    } catch (IOException e) {
      return null;
    }
  }
}
