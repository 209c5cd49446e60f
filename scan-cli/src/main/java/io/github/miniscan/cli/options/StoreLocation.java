package io.github.miniscan.cli.options;

import io.github.miniscan.sqlite.SqliteOptions;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.sqlite.start.NativeLibrary;
import io.github.miniscan.store.ScanStore;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Which store: a path, or a URL whose scheme picks the store. This is the one place that knows
 * which stores there are.
 */
public final class StoreLocation {

  /** Two letters at least, so that a Windows drive is no scheme. */
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");

  private static final String SQLITE = "sqlite:";

  private final Path file;

  private StoreLocation(Path file) {
    this.file = file;
  }

  /** The SQLite store in this file. */
  public static StoreLocation ofFile(Path file) {
    return new StoreLocation(file);
  }

  /** Opens the store for reading and writing, and creates it where there is none. */
  public ScanStore open(Duration longestWait) {
    keepNativeLibrary();
    return SqliteScanStore.open(file, SqliteOptions.defaults().withOpenWithin(longestWait));
  }

  /** Opens a store that exists for reading; creates nothing. */
  public ScanStore openToRead() {
    keepNativeLibrary();
    return SqliteScanStore.openReadOnly(file);
  }

  /** Opens a store that exists for reading and writing; creates nothing. */
  public ScanStore openExisting() {
    openToRead().close();
    return SqliteScanStore.open(file);
  }

  /** Unpacking it at each start would take longer than a query does. */
  private static void keepNativeLibrary() {
    UserCache.directory(
            System.getProperty("os.name", ""), System.getProperty("user.home"), System.getenv())
        .ifPresent(NativeLibrary::keepIn);
  }

  /** As it may be given on the command line again. */
  @Override
  public String toString() {
    return file.toString();
  }

  /** Reads what {@code --store} is given. */
  public static final class Converter implements ITypeConverter<StoreLocation> {

    @Override
    public StoreLocation convert(String value) {
      String path = value.startsWith(SQLITE) ? value.substring(SQLITE.length()) : value;
      if (path.isEmpty()) {
        throw new TypeConversionException("the store has no name (a path, as in scans.db)");
      }
      var scheme = SCHEME.matcher(path);
      if (scheme.matches()) {
        throw new TypeConversionException(
            "no such kind of store: \"" + scheme.group(1) + "\" (a path, or sqlite:PATH)");
      }
      try {
        return ofFile(Path.of(path));
      } catch (InvalidPathException e) {
        throw new TypeConversionException(
            "not a path: \"" + value + "\" (in this locale? Try LC_ALL=C.UTF-8)");
      }
    }
  }
}
