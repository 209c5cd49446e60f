package io.github.miniscan.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** The program: one subcommand for each kind of measurement. */
@Command(
    name = "bench",
    description = "Measures the parts of scan, and the whole beside what could be used instead.",
    mixinStandardHelpOptions = true,
    versionProvider = Bench.Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PartsCommand.class})
public final class Bench {

  private Bench() {}

  /** Runs a command and exits with its status: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench()).setUsageHelpWidth(100);
  }

  /** The version in the manifest of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"scan-bench " + Bench.class.getPackage().getImplementationVersion()};
    }
  }
}
