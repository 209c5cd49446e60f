package io.github.miniscan.cli.demo;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * The temporary folder of a demo. It outlives the demo, since people look at its records
 * afterwards; the next demo removes it, so that there is one at a time.
 */
final class DemoFolder {

  private static final String PREFIX = "scan-demo-";

  /** SQLite removes the last two when the store is closed: where they are, a demo is running. */
  private static final List<String> FILES = List.of("scans.db", "scans.db-wal", "scans.db-shm");

  private DemoFolder() {}

  /** Makes a new folder, and removes what earlier demos of this user left. */
  static Path create() throws IOException {
    Path created = Files.createTempDirectory(PREFIX);
    try (DirectoryStream<Path> others =
        Files.newDirectoryStream(created.resolveSibling(""), PREFIX + "*")) {
      for (Path other : others) {
        if (!other.equals(created) && isLeft(other, created)) {
          remove(other);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // What cannot be removed is left to the system, which empties this place from time to time.
      return created;
    }
    return created;
  }

  /** Whether a folder is one of ours that no demo uses; a link of somebody else is none. */
  private static boolean isLeft(Path folder, Path ours) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(ours))
        && Files.exists(folder.resolve(FILES.get(0)))
        && Files.notExists(folder.resolve(FILES.get(1)));
  }

  private static void remove(Path folder) throws IOException {
    for (String file : FILES) {
      Files.deleteIfExists(folder.resolve(file));
    }
    Files.delete(folder);
  }
}
