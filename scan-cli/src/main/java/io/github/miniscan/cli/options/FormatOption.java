package io.github.miniscan.cli.options;

import io.github.miniscan.cli.output.Format;
import io.github.miniscan.cli.output.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --format}, alike for all commands that print results. */
public final class FormatOption {

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      description =
          "How to write results: ${COMPLETION-CANDIDATES}. Default: table on a terminal, jsonl"
              + " (one JSON object a line) elsewhere.")
  private @Nullable Format format;

  /** The format that was asked for, or the one that fits where standard output goes. */
  public Format format() {
    if (format != null) {
      return format;
    }
    return Terminal.isStandardOutput() ? Format.TABLE : Format.JSONL;
  }

  private static final class FormatConverter extends ChoiceConverter<Format> {
    FormatConverter() {
      super(Format.class);
    }
  }
}
