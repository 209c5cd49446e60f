package io.github.miniscan.sqlite;

import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** The location of a {@link SqliteScanStore}: the path of its file. */
public final class SqliteStoreLocation implements StoreLocation {

  private final Path path;
  private final SqliteOptions options;

  private SqliteStoreLocation(Path path, SqliteOptions options) {
    this.path = path;
    this.options = options;
  }

  /** Returns the location of the file at this path, opened with the default options. */
  public static SqliteStoreLocation of(Path path) {
    return new SqliteStoreLocation(Objects.requireNonNull(path, "path"), SqliteOptions.defaults());
  }

  /** Returns this location, opened with these options except {@link SqliteOptions#openWithin}. */
  public SqliteStoreLocation withOptions(SqliteOptions options) {
    return new SqliteStoreLocation(path, Objects.requireNonNull(options, "options"));
  }

  @Override
  public ScanStore openOrCreate(Duration longestWait) {
    return SqliteScanStore.open(path, options.withOpenWithin(longestWait));
  }

  @Override
  public ScanStore openExisting(Duration longestWait) {
    return SqliteScanStore.openExisting(path, options.withOpenWithin(longestWait));
  }

  @Override
  public ScanStore openReadOnly(Duration longestWait) {
    return SqliteScanStore.openReadOnly(path, options.withOpenWithin(longestWait));
  }

  /** Returns the path. */
  @Override
  public String toString() {
    return path.toString();
  }
}
