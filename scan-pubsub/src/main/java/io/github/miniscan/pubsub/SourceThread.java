package io.github.miniscan.pubsub;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread that does what must happen beside receiving: leases, acks, reconnecting. What a
 * task throws is reported, never swallowed. Once closed, it drops what it is given.
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

  /** Whom to tell what a task threw. */
  void onBroken(Consumer<Throwable> listener) {
    broken = listener;
  }

  /** Reports what a callback on another thread threw. */
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
