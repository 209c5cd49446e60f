package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.parts.PreparedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A SQLite database is up to three files. */
final class DatabaseFiles {

  private static final List<String> PARTS = List.of("", "-wal", "-shm");

  private DatabaseFiles() {}

  /**
   * Reads what there is of it, so that it is in memory. What a paused program has not used for a
   * while may have been dropped from there, and SQLite writes the WAL in pieces that begin and end
   * within a block, which must be read again first.
   */
  static void warm(Path database) throws IOException {
    for (String part : PARTS) {
      Path file = part(database, part);
      if (Files.exists(file)) {
        PreparedFile.warm(file);
      }
    }
  }

  /** Removes what there is of it, while nobody has it open. */
  static void delete(Path database) throws IOException {
    for (String part : PARTS) {
      Files.deleteIfExists(part(database, part));
    }
  }

  private static Path part(Path database, String part) {
    return database.resolveSibling(database.getFileName() + part);
  }
}
