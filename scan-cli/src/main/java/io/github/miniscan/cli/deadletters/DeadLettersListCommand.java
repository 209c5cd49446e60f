package io.github.miniscan.cli.deadletters;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.cli.options.DeadLetterFilter;
import io.github.miniscan.cli.options.FormatOption;
import io.github.miniscan.cli.options.StoreOption;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.output.ResultStream;
import io.github.miniscan.cli.output.ResultWriter;
import io.github.miniscan.cli.output.Terminal;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints dead letters. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {"Prints dead letters in the order in which they were received.", ""})
public final class DeadLettersListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private StoreOption store = new StoreOption();
  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DeadLetterFilter filter = new DeadLetterFilter();

  @Override
  public Integer call() throws IOException {
    try (ScanStore opened = store.openToRead();
        Stream<DeadLetter> letters = opened.findDeadLetters(filter.query(opened))) {
      ResultWriter.ofDeadLetters(ResultStream.on(spec.commandLine().getOut()), Terminal.width())
          .onTerminal(Terminal.isStandardOutput())
          .write(letters, format.format());
    }
    return ExitStatus.DONE;
  }
}
