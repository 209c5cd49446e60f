package io.github.miniscan.cli.deadletters;

import io.github.miniscan.cli.options.DeadLetterFilter;
import io.github.miniscan.cli.options.FormatOption;
import io.github.miniscan.cli.options.StoreOption;
import io.github.miniscan.cli.output.CountsWriter;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Removes dead letters for good. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description = {
      "Removes dead letters for good: those that match everything that is given, or all of them with"
          + " --all. Prints {\"purged\":N}.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  scan dead-letters purge --reason MALFORMED_JSON",
      "  scan dead-letters purge --older-than 30d",
      "  scan dead-letters purge --all"
    })
public final class DeadLettersPurgeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private StoreOption store = new StoreOption();
  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DeadLetterFilter filter = new DeadLetterFilter();

  @Option(names = "--all", description = "Remove every dead letter.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    if (filter.isEmpty() != all) {
      throw new ParameterException(
          spec.commandLine(),
          all
              ? "--all goes without ids, --reason and --older-than"
              : "name which to remove (ids, --reason or --older-than), or --all");
    }
    long purged;
    try (ScanStore opened = store.openExisting()) {
      purged = opened.removeDeadLetters(filter.query(opened));
    }
    CountsWriter.write(spec.commandLine().getOut(), format.format(), Map.of("purged", purged));
    return ExitStatus.DONE;
  }
}
