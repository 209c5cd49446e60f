package io.github.miniscan.cli.options;

import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreLocation;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --store}, alike for all commands. */
public final class StoreOption {

  private static final String DEFAULT = "scans.db";

  /** How long a command that does not run on waits for a store that is locked. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  @Option(
      names = "--store",
      paramLabel = "STORE",
      converter = Stores.Converter.class,
      description = "Where the records are: a SQLite file. Default: " + DEFAULT + ".")
  private @Nullable StoreLocation location;

  /** Returns the store's location. */
  public StoreLocation location() {
    return location != null ? location : Stores.sqlite(Path.of(DEFAULT));
  }

  /** Opens a store that exists for reading; creates nothing. */
  public ScanStore openToRead() {
    return location().openReadOnly(LONGEST_WAIT);
  }

  /** Opens a store that exists for reading and writing; creates nothing. */
  public ScanStore openExisting() {
    return location().openExisting(LONGEST_WAIT);
  }
}
