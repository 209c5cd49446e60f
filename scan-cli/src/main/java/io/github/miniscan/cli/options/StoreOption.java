package io.github.miniscan.cli.options;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --store}, alike for all commands. */
public final class StoreOption {

  @Option(
      names = "--store",
      paramLabel = "STORE",
      converter = StoreLocation.Converter.class,
      description = "Where the records are: a SQLite file. Default: scans.db.")
  private StoreLocation location = StoreLocation.ofFile(Path.of("scans.db"));

  public StoreLocation location() {
    return location;
  }
}
