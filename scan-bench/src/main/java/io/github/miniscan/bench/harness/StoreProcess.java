package io.github.miniscan.bench.harness;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.bench.parts.PreparedFile;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Does with the store what {@code floor.c} does without it. */
public final class StoreProcess {

  private StoreProcess() {}

  /**
   * Prints as {@code floor.c} does.
   *
   * @param args the task's
   */
  public static void main(String[] args) throws IOException {
    WriteTask task = WriteTask.ofArguments(args);
    List<Batch<ScanRecord>> batches = batches(task.rows(), task.batch());
    List<Batch<ScanRecord>> warmUp = batches(task.warmUpRows(), task.batch());
    System.gc();
    write(task.warmUpDatabase(), warmUp, 0);
    String line = write(task.database(), batches, task.uncounted());
    System.out.println(line + " sqlite " + Machine.sqliteOfDriver());
  }

  private static List<Batch<ScanRecord>> batches(Path rows, int size) throws IOException {
    List<ScanRecord> records = RowsFile.read(rows);
    List<Batch<ScanRecord>> batches = new ArrayList<>();
    for (int from = 0; from < records.size(); from += size) {
      batches.add(PreparedFile.batch(records.subList(from, Math.min(records.size(), from + size))));
    }
    return batches;
  }

  private static String write(Path database, List<Batch<ScanRecord>> batches, int uncounted) {
    long rows = 0;
    Stopwatch watch;
    // Closing counts: it checkpoints what is left of the WAL.
    try (SqliteScanStore store = SqliteScanStore.open(database)) {
      watch = new Stopwatch();
      for (Batch<ScanRecord> batch : batches) {
        store.write(batch);
        rows += batch.records().size();
        if (rows == uncounted) {
          watch = new Stopwatch();
        }
      }
    }
    return watch.line(rows - uncounted);
  }
}
