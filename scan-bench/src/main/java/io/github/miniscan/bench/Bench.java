package io.github.miniscan.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: one subcommand for each kind of measurement. */
@Command(
    name = "bench",
    description = "Measures the parts of scan, and the whole beside what could be used instead.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PartsCommand.class})
public final class Bench {

  private Bench() {}

  /** Runs a command and exits with its status: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench());
  }
}
