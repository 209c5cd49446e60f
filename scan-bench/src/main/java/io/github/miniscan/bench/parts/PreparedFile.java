package io.github.miniscan.bench.parts;

import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteOptions;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * SQLite files with a given number of records, which are made once and kept in the directory that
 * the property {@code scan.bench.dir} names, {@code target/bench} by default. Ten million records
 * are 2 GB.
 */
public final class PreparedFile {

  /** When the records of a prepared file were scanned, in seconds since the epoch. */
  public static final long SCANNED_AT = 1_780_000_000L;

  /** Of the key numbers only the even ones are in a prepared file. */
  public static final int NUMBERS_PER_RECORD = 2;

  private static final int BATCH = 100_000;
  private static final long CACHE_BYTES = 256L << 20;
  private static final Message MESSAGE = new Message("1", new byte[0], Map.of(), null);

  private PreparedFile() {}

  private static Path directory() {
    return Path.of(System.getProperty("scan.bench.dir", "target/bench"));
  }

  /**
   * The file with the first so many even-numbered {@link NumberedScans}, made when there is none.
   * It is not to be changed.
   */
  public static Path of(int records) throws IOException {
    Path file = directory().resolve("scans-" + records + ".db");
    if (!Files.exists(file)) {
      Files.createDirectories(directory());
      Path unfinished = Files.createTempDirectory(directory(), "making-").resolve("scans.db");
      fill(unfinished, records);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      Files.delete(unfinished.resolveSibling(""));
    }
    return file;
  }

  private static void fill(Path file, int records) {
    SqliteOptions options = SqliteOptions.defaults().withCacheBytes(CACHE_BYTES);
    try (SqliteScanStore store = SqliteScanStore.open(file, options)) {
      for (int from = 0; from < records; from += BATCH) {
        store.write(
            batch(
                IntStream.range(from, Math.min(records, from + BATCH))
                    .mapToObj(i -> NumberedScans.scan(NUMBERS_PER_RECORD * i, SCANNED_AT))
                    .toList()));
      }
    }
  }

  /** A batch of records that came in messages of no interest. */
  public static Batch<ScanRecord> batch(List<ScanRecord> records) {
    return Batch.of(
        records.stream().map(record -> new Decoded<>(MESSAGE, record)).toList(), List.of());
  }

  /**
   * A copy to write to, in a new directory of its own, synced so that no later sync pays for it.
   */
  public static Path copyOf(int records) throws IOException {
    Path original = of(records);
    Path copy = Files.createTempDirectory(directory(), "copy-").resolve("scans.db");
    Files.copy(original, copy);
    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    return copy;
  }

  /** Removes a copy and what lies beside it. */
  public static void removeCopy(Path copy) throws IOException {
    Path directory = copy.resolveSibling("");
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  /** Reads all of a file once, so that the system has it in memory as far as there is room. */
  public static void warm(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(buffer) >= 0) {
        buffer.clear();
      }
    }
  }
}
