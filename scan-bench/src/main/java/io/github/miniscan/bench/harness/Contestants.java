package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.contestants.AckAfterWork;
import io.github.miniscan.bench.contestants.AckOnly;
import io.github.miniscan.bench.contestants.HandLoop;
import io.github.miniscan.bench.contestants.Naive;
import io.github.miniscan.bench.harness.Contestant.Launch;
import io.github.miniscan.bench.harness.Contestant.Pace;
import io.github.miniscan.pubsub.PullMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The contestants that this project has. */
final class Contestants {

  /** {@code consume} is to reach nine tenths of it. */
  private static final double HAND_LOOP_GOAL = 0.9;

  private static final String ROWS =
      "SELECT ip, port, service, first_scanned, last_scanned, response FROM scan";

  private Contestants() {}

  /** The real program, with nothing but where to take from and where to keep. */
  static Contestant consume(Path jar) {
    return consume("consume", jar, List.of());
  }

  /** The real program with options for its JVM. */
  static Contestant consume(String name, Path jar, List<String> jvmOptions) {
    Launch launch =
        task -> {
          List<String> command = new ArrayList<>(Java.command());
          command.addAll(jvmOptions);
          command.addAll(Java.jar(jar));
          command.addAll(
              List.of(
                  "consume",
                  "--emulator=" + task.endpoint(),
                  "--project=" + task.project(),
                  "--subscription=" + task.subscription(),
                  "--store=" + task.database()));
          return command;
        };
    return new Contestant(name, Pace.FAST, OptionalDouble.empty(), launch, StoreCheck.ofStore());
  }

  /** Pulls as {@code consume} does from such a server. */
  static Contestant ackOnly() {
    return ackOnly(PullMode.AUTO);
  }

  /** Pulls as told. */
  static Contestant ackOnly(PullMode pullMode) {
    return new Contestant(
        "ack only",
        Pace.FAST,
        OptionalDouble.empty(),
        main(AckOnly.class, pullMode.name()),
        StoreCheck.none());
  }

  /** Uses so much CPU time for each message, for nothing, and acks it then. */
  static Contestant ackAfterWork(PullMode pullMode, Duration work) {
    return new Contestant(
        "ack after work",
        Pace.FAST,
        OptionalDouble.empty(),
        main(AckAfterWork.class, pullMode.name(), Long.toString(work.toNanos())),
        StoreCheck.none());
  }

  static Contestant handLoop() {
    return new Contestant(
        "loop by hand",
        Pace.FAST,
        OptionalDouble.of(HAND_LOOP_GOAL),
        main(HandLoop.class, "stream", "1"),
        StoreCheck.ofTable(ROWS));
  }

  /** The same loop with as many calls at a time as {@code consume} makes. */
  static Contestant handLoopByCalls() {
    Contestant loop = handLoop();
    return new Contestant(
        loop.name(), loop.pace(), loop.goal(), main(HandLoop.class, "unary", "8"), loop.check());
  }

  static Contestant naive() {
    return new Contestant(
        "one at a time",
        Pace.SLOW,
        OptionalDouble.empty(),
        main(Naive.class, "open"),
        StoreCheck.ofTable(ROWS));
  }

  static Contestant naiveByDefault() {
    return new Contestant(
        "one at a time, default window",
        Pace.SLOW,
        OptionalDouble.empty(),
        main(Naive.class, "default"),
        StoreCheck.ofTable(ROWS));
  }

  private static Launch main(Class<?> program, String... options) {
    return task -> {
      List<String> command = new ArrayList<>(Java.command());
      command.addAll(Java.main(program));
      command.addAll(List.of(task.endpoint(), task.subscriptionName(), task.database().toString()));
      command.addAll(List.of(options));
      return command;
    };
  }
}
