package io.github.miniscan.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM, SIGINT and SIGHUP: the first asks to stop, a second one ends the process at once.
 *
 * <p>Signals are handled here and not by a shutdown hook, because a JVM that SIGTERM ended has the
 * exit status 143, hooks or not.
 */
final class StopSignals {

  private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

  private StopSignals() {}

  /** Runs {@code stop} on the first signal. */
  static void onFirst(Runnable stop) {
    AtomicBoolean asked = new AtomicBoolean();
    for (String name : NAMES) {
      try {
        sun.misc.Signal.handle(
            new sun.misc.Signal(name),
            signal -> {
              if (asked.compareAndSet(false, true)) {
                stop.run();
              } else {
                Runtime.getRuntime().halt(ExitStatus.SIGNALLED + signal.getNumber());
              }
            });
      } catch (IllegalArgumentException e) {
        // This platform has no such signal, or the JVM was told to leave it alone (-Xrs).
        continue;
      }
    }
  }
}
