package io.github.miniscan.cli.deadletters;

import io.github.miniscan.cli.output.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Messages that could not become records. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at the messages that could not become records, and gives them another try.",
      "",
      "Each is kept whole, with the reason. Nothing is removed unless 'replay' made a record of it,"
          + " or 'purge' was told to.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n")
public final class DeadLettersCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitStatus.WRONG_USAGE;
  }
}
