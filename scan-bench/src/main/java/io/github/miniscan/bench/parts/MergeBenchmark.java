package io.github.miniscan.bench.parts;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One {@link ScanRecord#merge}, which every record of a key pays for each further one of its batch.
 *
 * <p>The cases are to be compared with each other: a newer and an older scan cost no look at the
 * responses, a tie compares 200 bytes that differ in the last.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MergeBenchmark {

  private final ScanKey key = new ScanKey(IpAddress.parse("198.51.100.7"), 443, "HTTPS");
  private final ScanRecord kept = scan(1_700_000_000L, 'a');
  private final ScanRecord newer = scan(1_700_000_001L, 'a');
  private final ScanRecord older = scan(1_699_999_999L, 'a');
  private final ScanRecord tied = scan(1_700_000_000L, 'b');

  private ScanRecord scan(long scannedAt, char last) {
    return ScanRecord.ofScan(key, scannedAt, Response.ofText("x".repeat(199) + last));
  }

  @Benchmark
  public ScanRecord newer() {
    return kept.merge(newer);
  }

  @Benchmark
  public ScanRecord older() {
    return kept.merge(older);
  }

  @Benchmark
  public ScanRecord tie() {
    return kept.merge(tied);
  }
}
