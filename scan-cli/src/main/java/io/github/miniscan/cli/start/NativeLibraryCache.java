package io.github.miniscan.cli.start;

import io.github.miniscan.sqlite.start.NativeLibrary;

/** SQLite's native library in the user's cache: unpacking it takes longer than a query does. */
public final class NativeLibraryCache {

  private NativeLibraryCache() {}

  /** Uses the cache, where the system says where it is. To be called before a store is opened. */
  public static void use() {
    UserCache.directory(
            System.getProperty("os.name", ""), System.getProperty("user.home"), System.getenv())
        .ifPresent(NativeLibrary::keepIn);
  }
}
