package io.github.miniscan.proof;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How hard to try.
 *
 * @param seed what everything random follows from
 * @param size how often, in the unit of the proof
 * @param limit the time after which no further try begins
 * @param directory an empty one for temporary files, which the caller removes
 * @param root the project, with its programs built
 */
public record Effort(long seed, long size, Duration limit, Path directory, Path root) {

  /**
   * @throws IllegalArgumentException when there is nothing to try
   */
  public Effort {
    if (size < 1) {
      throw new IllegalArgumentException("size out of range: " + size + " (1 or more)");
    }
  }

  /** The program under proof. */
  public Path cliJar() {
    return root.resolve("scan-cli/target/scan-cli.jar");
  }

  /** A clock that starts now and runs out after {@link #limit}. */
  public Deadline start() {
    return new Deadline(System.nanoTime(), limit.toNanos());
  }

  /**
   * When to stop.
   *
   * @param began by {@link System#nanoTime()}
   */
  public record Deadline(long began, long limitNanos) {

    /** Whether the time is over. */
    public boolean isOver() {
      return System.nanoTime() - began >= limitNanos;
    }
  }
}
