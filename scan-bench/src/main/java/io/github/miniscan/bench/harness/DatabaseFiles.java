package io.github.miniscan.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A SQLite database is up to three files. */
final class DatabaseFiles {

  private static final List<String> PARTS = List.of("", "-wal", "-shm");

  private DatabaseFiles() {}

  /** Removes what there is of it, while nobody has it open. */
  static void delete(Path database) throws IOException {
    for (String part : PARTS) {
      Files.deleteIfExists(database.resolveSibling(database.getFileName() + part));
    }
  }
}
