package io.github.miniscan.bench.contestants;

import java.nio.file.Path;

/** What a contestant is told on its command line. */
record Job(String endpoint, String subscription, Path database) {

  static Job of(String[] args) {
    if (args.length < 3) {
      throw new IllegalArgumentException(
          "expected HOST:PORT, projects/P/subscriptions/S and a database file");
    }
    return new Job(args[0], args[1], Path.of(args[2]));
  }
}
