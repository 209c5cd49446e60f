package io.github.miniscan.bench.parts;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.WriteResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * {@link SqliteScanStore#write}: batches a second, and as {@code records} records a second, durable
 * each time, with keys drawn at random from as many as the file holds.
 *
 * <p>To be compared with the C program of the harness, which runs the same statement with the same
 * pragmas, and across batch sizes: one record pays for the sync alone, ten thousand share it. A
 * file that has grown by more than a tenth is replaced by a fresh copy before the next iteration.
 * What JMH reports as allocated includes making the batch, which is not timed.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
public class StoreWriteBenchmark {

  /** Of how many keys records are drawn where the file began empty. */
  private static final int FEW_KEYS = 10_000;

  private static final int MANY_KEYS = 10_000_000;

  /** A file, and the store that writes to it. */
  @State(Scope.Benchmark)
  public static class Table {
    @Param("0")
    int recordsBefore;

    private Path file;
    private SqliteScanStore store;
    private long added;

    @Setup
    public void open() throws IOException {
      file = PreparedFile.copyOf(recordsBefore);
      PreparedFile.warm(file);
      store = SqliteScanStore.open(file);
      added = 0;
    }

    @Setup(Level.Iteration)
    public void renew() throws IOException {
      if (added > recordsBefore / 10) {
        close();
        open();
      }
    }

    @TearDown
    public void close() throws IOException {
      store.close();
      PreparedFile.removeCopy(file);
    }

    private int keys(int whereItBeganEmpty) {
      return recordsBefore == 0 ? whereItBeganEmpty : recordsBefore;
    }
  }

  /** The batch that is written next. */
  @State(Scope.Thread)
  public abstract static class Next {
    @Param({"1", "100", "1000", "10000"})
    int batch;

    private final SplittableRandom random = new SplittableRandom(1);
    private long now = PreparedFile.SCANNED_AT;
    Batch<ScanRecord> records;

    @Setup(Level.Invocation)
    public void make(Table table) {
      now++;
      records =
          PreparedFile.batch(
              Stream.generate(() -> NumberedScans.scan(number(random, table), now))
                  .limit(batch)
                  .toList());
    }

    abstract int number(SplittableRandom random, Table table);
  }

  /** Later scans of keys that the file has; of ten thousand keys, where it began empty. */
  public static class Known extends Next {
    @Override
    int number(SplittableRandom random, Table table) {
      return PreparedFile.NUMBERS_PER_RECORD * random.nextInt(table.keys(FEW_KEYS));
    }
  }

  /** Keys that lie between those of the prepared file. */
  public static class Fresh extends Next {
    @Override
    int number(SplittableRandom random, Table table) {
      return PreparedFile.NUMBERS_PER_RECORD * random.nextInt(table.keys(MANY_KEYS)) + 1;
    }
  }

  /** Records beside batches. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Rate {
    public long records;
  }

  @Benchmark
  public WriteResult knownKeys(Table table, Known next, Rate rate) {
    rate.records += next.batch;
    return table.store.write(next.records);
  }

  @Benchmark
  public WriteResult newKeys(Table table, Fresh next, Rate rate) {
    rate.records += next.batch;
    table.added += next.batch;
    return table.store.write(next.records);
  }
}
