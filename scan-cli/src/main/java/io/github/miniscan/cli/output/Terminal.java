package io.github.miniscan.cli.output;

import java.io.Console;

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

  /** How many characters fit on a line, by the variable COLUMNS. */
  public static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9]\\d{0,3}")
        ? Integer.parseInt(columns)
        : USUAL_WIDTH;
  }
}
