package io.github.miniscan.cli.start;

import io.github.miniscan.cli.output.ExitStatus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM, SIGINT and SIGHUP: the first asks to stop, a second one ends the process at once.
 *
 * <p>Signals are handled here and not by a shutdown hook, because a JVM that SIGTERM ended has the
 * exit status 143, hooks or not. Java's only way to handle one is {@code sun.misc.Signal} of the
 * module jdk.unsupported, which is reached by reflection since javac warns of each mention.
 */
public final class StopSignals {

  private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private StopSignals() {}

  /** Runs {@code stop} on the first signal, in a thread of the JVM's. */
  public static void onFirst(Runnable stop) {
    AtomicBoolean asked = new AtomicBoolean();
    NUMBERS.forEach(
        (name, number) ->
            handle(
                name,
                () -> {
                  if (asked.compareAndSet(false, true)) {
                    stop.run();
                  } else {
                    Runtime.getRuntime().halt(ExitStatus.SIGNALLED + number);
                  }
                }));
  }

  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object actingHandler =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                action.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), actingHandler);
    } catch (InvocationTargetException e) {
      // This platform has no such signal, or the JVM was told to leave it alone (-Xrs).
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java can not handle signals (jdk.unsupported)", e);
    }
  }
}
