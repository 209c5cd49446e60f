package io.github.miniscan.proof.disk;

import io.github.miniscan.proof.Effort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Makes many tries, as many at once as there are processors, and ends with the first failure. */
final class InParallel {

  private static final long REPORT_NANOS = Duration.ofSeconds(30).toNanos();

  private InParallel() {}

  /** One of many. */
  @FunctionalInterface
  interface Task<T> {
    void run(T each) throws IOException, InterruptedException;
  }

  /**
   * Until all are done, or the time is over.
   *
   * @param what is tried, for those who wait
   */
  static <T> void run(List<T> all, Effort effort, String what, Task<T> task)
      throws IOException, InterruptedException {
    Effort.Deadline deadline = effort.start();
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      ExecutorCompletionService<T> running = new ExecutorCompletionService<>(executor);
      Iterator<T> waiting = all.iterator();
      int underWay = 0;
      int done = 0;
      long lastReport = System.nanoTime();
      while (true) {
        while (underWay < 2 * threads && waiting.hasNext() && !deadline.isOver()) {
          T each = waiting.next();
          running.submit(
              () -> {
                task.run(each);
                return each;
              });
          underWay++;
        }
        if (underWay == 0) {
          return;
        }
        running.take().get();
        underWay--;
        done++;
        if (System.nanoTime() - lastReport > REPORT_NANOS) {
          lastReport = System.nanoTime();
          System.err.printf("%,d of %,d %s%n", done, all.size(), what);
        }
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      executor.shutdownNow();
    }
  }

  private static IOException unwrapped(ExecutionException failure) throws InterruptedException {
    Throwable cause = failure.getCause();
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof InterruptedException) {
      throw new InterruptedException("interrupted");
    }
    return cause instanceof IOException io ? io : new IOException(cause);
  }

  /** With all that is in it. */
  static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
