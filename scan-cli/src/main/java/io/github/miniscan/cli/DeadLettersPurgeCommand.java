package io.github.miniscan.cli;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.cli.options.DeadLetterFilter;
import io.github.miniscan.cli.options.FormatOption;
import io.github.miniscan.cli.options.StoreOption;
import io.github.miniscan.cli.output.CountsWriter;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Removes dead letters for good. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description = {
      "Removes dead letters for good: all of them, or those that match what is given. Prints"
          + " {\"purged\":N}.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  scan dead-letters purge --reason MALFORMED_JSON",
      "  scan dead-letters purge --older-than 30d"
    })
final class DeadLettersPurgeCommand implements Callable<Integer> {

  private static final int CHUNK = 1_000;

  @Spec private CommandSpec spec;
  @Mixin private StoreOption store = new StoreOption();
  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DeadLetterFilter filter = new DeadLetterFilter();

  @Override
  public Integer call() throws IOException {
    long purged = 0;
    try (ScanStore opened = store.location().openExisting()) {
      List<String> chunk = nextChunk(opened);
      while (!chunk.isEmpty()) {
        purged += opened.removeDeadLetters(DeadLetterQuery.all().withIds(chunk));
        chunk = nextChunk(opened);
      }
    }
    CountsWriter.write(spec.commandLine().getOut(), format.format(), Map.of("purged", purged));
    return ExitStatus.DONE;
  }

  /** Ids alone: payloads of many dead letters need not fit into memory. */
  private List<String> nextChunk(ScanStore opened) {
    try (Stream<DeadLetter> letters = filter.select(opened)) {
      return new ArrayList<>(letters.limit(CHUNK).map(DeadLetter::id).toList());
    }
  }
}
