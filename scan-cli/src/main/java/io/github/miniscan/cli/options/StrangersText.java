package io.github.miniscan.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Takes whatever follows an option for one more value, {@code --} too: a stranger chose the text.
 * For options that are lists of texts.
 */
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
    @Nullable List<String> before = option.getValue();
    List<String> values = before == null ? new ArrayList<>() : new ArrayList<>(before);
    values.add(args.pop());
    option.setValue(values);
  }
}
