package io.github.miniscan.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work at the same time. */
final class Threads {

  private Threads() {}

  /** Runs the tasks at the same time, waits for all of them, and throws what the first threw. */
  static void inParallel(Task... tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.length);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Task task : tasks) {
        Callable<Void> call =
            () -> {
              task.run();
              return null;
            };
        running.add(threads.submit(call));
      }
      for (Future<?> task : running) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** A task that may fail. */
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }
}
