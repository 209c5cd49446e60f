package io.github.miniscan.cli;

import java.util.Arrays;
import java.util.List;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/**
 * A command below another one. They are listed rather than annotated, so that the model of one
 * command can be built without the models of all the others, and without the classes that those
 * need: reading all their annotations takes longer than a query does.
 *
 * @param name as it is typed; its annotation says the same
 * @param type the annotated class
 * @param subcommands what is below it in turn
 */
record Subcommand(String name, Class<?> type, List<Subcommand> subcommands) {

  Subcommand(String name, Class<?> type) {
    this(name, type, List.of());
  }

  /**
   * The program for these arguments. It has just the command that they begin with; all of them
   * where they begin with none, for help and for mistakes.
   */
  static CommandLine commandLine(String... args) {
    CommandLine scan = new CommandLine(new ScanCommand());
    addTo(scan, ScanCommand.SUBCOMMANDS, args);
    if (scan.getSubcommands().size() > 1) {
      scan.addSubcommand(GenerateCompletion.class);
      scan.addSubcommand(HelpCommand.class);
    }
    return scan;
  }

  private static void addTo(CommandLine parent, List<Subcommand> subcommands, String... args) {
    for (Subcommand subcommand : subcommands) {
      if (args.length > 0 && subcommand.name.equals(args[0])) {
        subcommand.addTo(parent, Arrays.copyOfRange(args, 1, args.length));
        return;
      }
    }
    for (Subcommand subcommand : subcommands) {
      subcommand.addTo(parent);
    }
  }

  private void addTo(CommandLine parent, String... args) {
    CommandLine command = new CommandLine(type);
    addTo(command, subcommands, args);
    parent.addSubcommand(name, command);
  }
}
