package io.github.miniscan.bench.harness;

/** The time and the CPU time of this process since it was started. */
final class Stopwatch {

  private final ProcessUsage usage = new ProcessUsage(ProcessHandle.current());
  private final long cpuNanos = usage.cpu().toNanos();
  private final long start = System.nanoTime();

  /** What was written since, as {@code floor.c} prints it. */
  String line(long rows) {
    long nanos = System.nanoTime() - start;
    return "rows %d nanos %d cpu_nanos %d".formatted(rows, nanos, usage.cpu().toNanos() - cpuNanos);
  }
}
