package io.github.miniscan.proof.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks side by side, each in a thread of its own. */
public final class Together {

  private Together() {}

  /**
   * Runs all of them, and interrupts the others when one fails; returns when all have ended.
   *
   * @return what they returned, in the order of the tasks
   * @throws IOException when a task threw one; what else it threw is thrown as it is
   */
  public static <T> List<T> run(List<? extends Callable<T>> tasks)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      CompletionService<T> running = new ExecutorCompletionService<>(threads);
      List<Future<T>> results = new ArrayList<>();
      for (Callable<T> task : tasks) {
        results.add(running.submit(task));
      }
      for (int i = 0; i < tasks.size(); i++) {
        running.take().get();
      }
      List<T> values = new ArrayList<>();
      for (Future<T> result : results) {
        values.add(result.get());
      }
      return values;
    } catch (ExecutionException e) {
      throw rethrown(Objects.requireNonNull(e.getCause()));
    } finally {
      threads.shutdownNow();
      if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        System.err.println("what was interrupted does not end");
      }
    }
  }

  private static RuntimeException rethrown(Throwable failure)
      throws IOException, InterruptedException {
    if (failure instanceof IOException io) {
      throw io;
    }
    if (failure instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
  }
}
