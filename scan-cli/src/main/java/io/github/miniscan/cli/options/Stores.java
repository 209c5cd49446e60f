package io.github.miniscan.cli.options;

import io.github.miniscan.cli.start.NativeLibraryCache;
import io.github.miniscan.sqlite.SqliteStoreLocation;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreLocation;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The stores that there are: the one place that knows them. The scheme of a URL picks one. */
public final class Stores {

  /** Two letters at least, so that a Windows drive is no scheme. */
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");

  private static final String SQLITE = "sqlite:";

  private Stores() {}

  /**
   * Returns the store at a path or URL.
   *
   * @throws IllegalArgumentException when it is neither, or there is no such kind of store
   */
  public static StoreLocation at(String pathOrUrl) {
    String path = pathOrUrl.startsWith(SQLITE) ? pathOrUrl.substring(SQLITE.length()) : pathOrUrl;
    if (path.isEmpty()) {
      throw new IllegalArgumentException("the store has no name (a path, as in scans.db)");
    }
    Matcher scheme = SCHEME.matcher(path);
    if (scheme.matches()) {
      throw new IllegalArgumentException(
          "no such kind of store: \"" + scheme.group(1) + "\" (a path, or sqlite:PATH)");
    }
    try {
      return sqlite(Path.of(path));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "not a path: \"" + pathOrUrl + "\" (in this locale? Try LC_ALL=C.UTF-8)", e);
    }
  }

  /** Returns the SQLite store in a file. */
  public static StoreLocation sqlite(Path file) {
    return new Sqlite(SqliteStoreLocation.of(file));
  }

  /**
   * Uses the cache of the native library when the store is opened, and not before: the driver must
   * not be loaded until logging has begun.
   */
  private static final class Sqlite implements StoreLocation {
    private final StoreLocation location;

    Sqlite(StoreLocation location) {
      this.location = location;
    }

    @Override
    public ScanStore openOrCreate(Duration longestWait) {
      NativeLibraryCache.use();
      return location.openOrCreate(longestWait);
    }

    @Override
    public ScanStore openExisting(Duration longestWait) {
      NativeLibraryCache.use();
      return location.openExisting(longestWait);
    }

    @Override
    public ScanStore openReadOnly(Duration longestWait) {
      NativeLibraryCache.use();
      return location.openReadOnly(longestWait);
    }

    @Override
    public String toString() {
      return location.toString();
    }
  }

  /** Reads what {@code --store} is given. */
  public static final class Converter implements ITypeConverter<StoreLocation> {
    @Override
    public StoreLocation convert(String value) {
      try {
        return at(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
