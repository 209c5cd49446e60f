package io.github.miniscan.proof.concurrency;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A writer or reader as a process. It tells in one line what it did, or what it saw that it must
 * not see; a reader ends when its standard input has anything, or does.
 */
final class Worker {

  static final String WROTE = "wrote";
  static final String READ = "read";

  private Worker() {}

  /** Arguments: write or read, the file, the seed, writers, batches, and which one this is. */
  public static void main(String[] args) throws Exception {
    Path path = Path.of(args[1]);
    Plan plan =
        new Plan(Long.parseLong(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    int number = Integer.parseInt(args[5]);
    if (args[0].equals("write")) {
      PlannedWriter.Written written =
          new PlannedWriter(plan, number, Stores.own(path, false)).call();
      System.out.printf(
          "%s %d %d %d %d%n",
          WROTE, written.batches(), written.rows(), written.retries(), written.longestNanos());
    } else {
      PlannedReader reader =
          new PlannedReader(plan, number, Stores.own(path, true), inputOver()::get);
      System.out.printf("%s %d%n", READ, reader.call());
    }
  }

  /** Notices when the parent says stop, or is gone. */
  private static AtomicBoolean inputOver() {
    AtomicBoolean over = new AtomicBoolean();
    Thread listener =
        new Thread(
            () -> {
              try {
                System.in.read();
              } catch (IOException e) {
                // Nobody is there to say anything: that is the end, too.
              }
              over.set(true);
            });
    listener.setDaemon(true);
    listener.start();
    return over;
  }
}
