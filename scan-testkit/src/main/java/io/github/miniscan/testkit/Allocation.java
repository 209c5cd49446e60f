package io.github.miniscan.testkit;

import java.lang.management.ManagementFactory;

/** The memory that work allocates, which does not depend on how busy the machine is. */
final class Allocation {

  private Allocation() {}

  /**
   * Returns the bytes that this thread allocates while it runs a task; 0 where the JVM does not
   * tell.
   */
  static long of(Runnable task) {
    if (!(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads)
        || !threads.isThreadAllocatedMemorySupported()) {
      task.run();
      return 0;
    }
    threads.setThreadAllocatedMemoryEnabled(true);
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    task.run();
    return threads.getThreadAllocatedBytes(thread) - before;
  }
}
