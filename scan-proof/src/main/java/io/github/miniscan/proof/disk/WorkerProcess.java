package io.github.miniscan.proof.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a {@link Script} in a process of its own, on a disk with faults. */
final class WorkerProcess {

  /** As a shell would tell it: 128 and the number of SIGKILL. */
  private static final int KILLED = 137;

  private final Path place;
  private final Path library;
  private final Path nativeLibraries;

  /**
   * @param place where the store and what is told of it are
   * @param library of the disk
   * @param nativeLibraries where the processes keep SQLite between them
   */
  WorkerProcess(Path place, Path library, Path nativeLibraries) {
    this.place = place;
    this.library = library;
    this.nativeLibraries = nativeLibraries;
  }

  /** The file of the store. */
  Path store() {
    return place.resolve("scans.db");
  }

  private Path marks() {
    return place.resolve("marks");
  }

  /** What was done to the files, where it was asked for. */
  Path trace() {
    return place.resolve("trace");
  }

  /** The disk, which is to be told what to do before the process starts. */
  FaultyDisk disk() throws IOException {
    return FaultyDisk.under(library, store(), place.resolve("control"));
  }

  /**
   * Runs it to its end, or to where the disk kills it.
   *
   * @return whether it came to its end
   */
  boolean run(long seed, FaultyDisk disk, boolean traced) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            ScriptWorker.class.getName(),
            Long.toString(seed),
            store().toString(),
            marks().toString(),
            nativeLibraries.toString());
    Path said = place.resolve("said");
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = new HashMap<>(disk.environment());
    if (traced) {
      environment.put("SCAN_DISK_TRACE", trace().toString());
      environment.put("SCAN_DISK_MARKS", marks().toString());
    }
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(said.toFile());
    Process process = builder.start();
    try {
      int status = process.waitFor();
      if (status != 0 && status != KILLED) {
        throw new IOException(
            "the worker ended with status %d and said: %s"
                .formatted(status, Files.readString(said, StandardCharsets.UTF_8)));
      }
      return status == 0;
    } finally {
      process.destroyForcibly();
    }
  }

  /** How many steps it has told to be durable. */
  int durable() throws IOException {
    if (Files.notExists(marks())) {
      return 0;
    }
    String marks = Files.readString(marks(), StandardCharsets.US_ASCII);
    return marks.length() - 1 - marks.lastIndexOf(ScriptWorker.BEGUN);
  }
}
