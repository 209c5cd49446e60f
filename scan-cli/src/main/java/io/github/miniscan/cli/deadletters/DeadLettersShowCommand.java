package io.github.miniscan.cli.deadletters;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.cli.options.DeadLetterId;
import io.github.miniscan.cli.options.FormatOption;
import io.github.miniscan.cli.options.StoreOption;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.output.Format;
import io.github.miniscan.cli.output.ResultStream;
import io.github.miniscan.cli.output.ResultWriter;
import io.github.miniscan.cli.output.Terminal;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints one dead letter, whole. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Prints one dead letter whole: as a page for people on a terminal, as JSON elsewhere.",
      ""
    })
public final class DeadLettersShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private StoreOption store = new StoreOption();
  @Mixin private FormatOption format = new FormatOption();

  @Parameters(
      paramLabel = "ID",
      description = "The id that 'list' gives, or a beginning of it that no other one has.")
  private String id = "";

  @Override
  public Integer call() throws IOException {
    try (ScanStore opened = store.openToRead()) {
      DeadLetter letter = DeadLetterId.find(opened, id);
      Writer out = ResultStream.on(spec.commandLine().getOut());
      ResultWriter<DeadLetter> writer =
          ResultWriter.ofDeadLetters(out, Terminal.width()).onTerminal(Terminal.isStandardOutput());
      if (format.format() == Format.TABLE) {
        writer.writePage(letter);
      } else {
        writer.write(Stream.of(letter), format.format());
      }
    }
    return ExitStatus.DONE;
  }
}
