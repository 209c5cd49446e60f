package io.github.miniscan.pubsub;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The thread for leases, acks and reconnecting. A failure of a task is reported, never swallowed.
 * After closing, tasks are dropped.
 */
final class SourceThread implements AutoCloseable {

  private final ScheduledThreadPoolExecutor executor;
  private volatile Consumer<Throwable> broken = t -> {};

  SourceThread(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Sets the listener for failures of tasks. */
  void onBroken(Consumer<Throwable> listener) {
    broken = listener;
  }

  /** Reports the failure of a callback on another thread. */
  void broken(Throwable failure) {
    broken.accept(failure);
  }

  ScheduledThreadPoolExecutor executor() {
    return executor;
  }

  void execute(Runnable task) {
    after(Duration.ZERO, task);
  }

  void after(Duration delay, Runnable task) {
    try {
      executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      // Closing has done, or given up on, what the task was to do.
    }
  }

  void every(Duration period, Runnable task) {
    executor.scheduleWithFixedDelay(
        () -> guarded(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable t) {
      broken.accept(t);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
