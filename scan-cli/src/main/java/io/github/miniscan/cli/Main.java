package io.github.miniscan.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Starts the program. */
@Command(name = "scan")
public final class Main implements Runnable {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {}
}
