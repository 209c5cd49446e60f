package io.github.miniscan.cli.options;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Takes whatever follows an option for its value, {@code --} too: a stranger chose the text. */
public final class StrangersText implements IParameterConsumer {

  @Override
  @SuppressWarnings("JdkObsolete") // picocli's choice
  public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
    if (args.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "Missing required parameter for option '"
              + ((OptionSpec) option).longestName()
              + "' ("
              + option.paramLabel()
              + ")");
    }
    option.setValue(args.pop());
  }
}
