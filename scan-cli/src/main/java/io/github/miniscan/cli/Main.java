package io.github.miniscan.cli;

/** Starts the program. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.err.println("no commands yet");
    System.exit(2);
  }
}
