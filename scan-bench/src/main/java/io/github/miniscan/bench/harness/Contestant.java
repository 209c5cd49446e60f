package io.github.miniscan.bench.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A program that takes messages from a subscription, and as a rule keeps them in a file.
 *
 * @param name as it stands in tables
 * @param pace whether it gets as many messages as the fastest, or fewer so as to end in time
 * @param goal how many times as fast {@code consume} is to be
 * @param launch how to start it
 * @param check how to tell whether what it kept is right
 */
public record Contestant(
    String name, Pace pace, OptionalDouble goal, Launch launch, StoreCheck check) {

  /** Starts it on a task; it runs until it is ended. */
  ChildProcess start(Task task, Path directory) throws IOException {
    return ChildProcess.start(
        name, launch.command(task), launch.environment(task), directory.resolve("contestant.log"));
  }

  /** How many messages a contestant gets. */
  public enum Pace {
    /** All. */
    FAST,
    /** A few: it does one thing for each message. */
    SLOW,
    /** None: only its correctness is looked at. */
    NONE
  }

  /**
   * What a contestant is to work on.
   *
   * @param endpoint the server, as HOST:PORT
   * @param project the project's id
   * @param subscription the subscription's id
   * @param database a file that does not exist yet
   */
  public record Task(String endpoint, String project, String subscription, Path database) {

    /** The full name, {@code projects/P/subscriptions/S}. */
    public String subscriptionName() {
      return "projects/" + project + "/subscriptions/" + subscription;
    }
  }

  /** How a contestant is started. */
  @FunctionalInterface
  public interface Launch {

    /** The command that runs it until it is ended. */
    List<String> command(Task task);

    /** What to add to its environment: where the server is, unless told otherwise. */
    default Map<String, String> environment(Task task) {
      return Map.of("PUBSUB_EMULATOR_HOST", task.endpoint(), "PUBSUB_PROJECT_ID", task.project());
    }
  }
}
