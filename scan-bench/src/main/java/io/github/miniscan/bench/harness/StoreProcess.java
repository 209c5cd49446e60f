package io.github.miniscan.bench.harness;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.bench.parts.PreparedFile;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Does with the store what {@code floor.c} does without it: reads all rows into memory, and writes
 * them batch by batch. Before that it writes other rows to another file, which are not measured.
 */
public final class StoreProcess {

  private StoreProcess() {}

  /**
   * Prints as {@code floor.c} does.
   *
   * @param args database, rows, batch size, and database and rows to become warm with
   */
  public static void main(String[] args) throws IOException {
    int size = Integer.parseInt(args[2]);
    write(Path.of(args[3]), batches(Path.of(args[4]), size));
    List<Batch<ScanRecord>> batches = batches(Path.of(args[1]), size);
    System.gc();
    System.out.println(write(Path.of(args[0]), batches) + " sqlite " + Machine.sqliteOfDriver());
  }

  private static List<Batch<ScanRecord>> batches(Path rows, int size) throws IOException {
    List<ScanRecord> records = RowsFile.read(rows);
    List<Batch<ScanRecord>> batches = new ArrayList<>();
    for (int from = 0; from < records.size(); from += size) {
      batches.add(PreparedFile.batch(records.subList(from, Math.min(records.size(), from + size))));
    }
    return batches;
  }

  private static String write(Path database, List<Batch<ScanRecord>> batches) {
    ProcessUsage usage = new ProcessUsage(ProcessHandle.current());
    long rows = 0;
    Duration cpu;
    long start;
    // Closing counts: it checkpoints what is left of the WAL.
    try (SqliteScanStore store = SqliteScanStore.open(database)) {
      cpu = usage.cpu();
      start = System.nanoTime();
      for (Batch<ScanRecord> batch : batches) {
        store.write(batch);
        rows += batch.records().size();
      }
    }
    long nanos = System.nanoTime() - start;
    return "rows %d nanos %d cpu_nanos %d".formatted(rows, nanos, usage.cpu().minus(cpu).toNanos());
  }
}
