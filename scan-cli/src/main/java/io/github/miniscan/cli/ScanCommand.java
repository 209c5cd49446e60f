package io.github.miniscan.cli;

import io.github.miniscan.cli.consume.ConsumeCommand;
import io.github.miniscan.cli.deadletters.DeadLettersCommand;
import io.github.miniscan.cli.deadletters.DeadLettersListCommand;
import io.github.miniscan.cli.deadletters.DeadLettersPurgeCommand;
import io.github.miniscan.cli.deadletters.DeadLettersReplayCommand;
import io.github.miniscan.cli.deadletters.DeadLettersShowCommand;
import io.github.miniscan.cli.demo.DemoCommand;
import io.github.miniscan.cli.emulator.EmulatorCommand;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.publish.PublishCommand;
import io.github.miniscan.cli.query.QueryCommand;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program itself, which does nothing without a command. */
@Command(
    name = "scan",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Keeps one up-to-date record for each service that an internet scanner saw: when it was last"
          + " scanned, and what it answered.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nStart here:%n",
    footer = {
      "  scan demo                             see it all at work, with nothing to set up",
      "  scan consume --emulator localhost:8085",
      "  scan query --ip 1.1.1.1",
      "",
      "Exit status: 0 done, 1 failed while running, 2 wrong usage, 3 gave up on the store."
    })
final class ScanCommand implements Callable<Integer> {

  /** Its commands, in the order of help. */
  static final List<Subcommand> SUBCOMMANDS =
      List.of(
          new Subcommand("demo", DemoCommand.class),
          new Subcommand("consume", ConsumeCommand.class),
          new Subcommand("query", QueryCommand.class),
          new Subcommand(
              "dead-letters",
              DeadLettersCommand.class,
              List.of(
                  new Subcommand("list", DeadLettersListCommand.class),
                  new Subcommand("show", DeadLettersShowCommand.class),
                  new Subcommand("replay", DeadLettersReplayCommand.class),
                  new Subcommand("purge", DeadLettersPurgeCommand.class))),
          new Subcommand("publish", PublishCommand.class),
          new Subcommand("emulator", EmulatorCommand.class));

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitStatus.WRONG_USAGE;
  }
}
