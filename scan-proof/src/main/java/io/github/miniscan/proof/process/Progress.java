package io.github.miniscan.proof.process;

import java.time.Duration;
import java.util.function.Supplier;

/** Says on standard error every now and then how far a long proof is. Thread-safe. */
public final class Progress {

  private static final long EVERY = Duration.ofSeconds(30).toNanos();

  private final String name;
  private long lastTold = System.nanoTime();

  /** Of the proof with this name. */
  public Progress(String name) {
    this.name = name;
  }

  /** Says it if nothing was said for half a minute. */
  public synchronized void tell(Supplier<String> how) {
    if (System.nanoTime() - lastTold > EVERY) {
      lastTold = System.nanoTime();
      System.err.println(name + ": " + how.get());
    }
  }
}
