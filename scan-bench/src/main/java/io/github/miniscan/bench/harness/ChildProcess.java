package io.github.miniscan.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process that is measured. It ends with {@link #close()}, or with this JVM at the latest, also
 * when that is interrupted.
 */
final class ChildProcess implements AutoCloseable {

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static final int STOP_SECONDS = 15;
  private static final int LOG_TAIL = 2_000;

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-children"));
  }

  private final String name;
  private final Process process;
  private final Path log;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a process whose standard output goes to the log, too.
   *
   * @param log is written anew
   */
  static ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    return start(name, command, environment, log, log);
  }

  /** Starts a process whose standard output goes to a file of its own. */
  static ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Path log, Path output)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    if (output.equals(log)) {
      builder.redirectErrorStream(true);
    }
    builder.redirectOutput(output.toFile());
    return start(name, builder, environment, log);
  }

  /** Starts a process whose input and output are for {@link #process()} to use. */
  static ChildProcess startPiped(String name, List<String> command, Path log) throws IOException {
    return start(name, new ProcessBuilder(command).redirectError(log.toFile()), Map.of(), log);
  }

  private static ChildProcess start(
      String name, ProcessBuilder builder, Map<String, String> environment, Path log)
      throws IOException {
    builder.environment().putAll(environment);
    Process process = builder.start();
    RUNNING.add(process);
    return new ChildProcess(name, process, log);
  }

  Process process() {
    return process;
  }

  ProcessUsage usage() {
    return new ProcessUsage(process.toHandle());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for its end.
   *
   * @throws HarnessException when it takes longer, or ends with another status than 0; with what it
   *     printed last
   */
  void awaitSuccess(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new HarnessException(name + " did not end within " + seconds + " seconds" + tail());
    }
    RUNNING.remove(process);
    if (process.exitValue() != 0) {
      throw died();
    }
  }

  /** What to throw when it ended and should not have. */
  HarnessException died() {
    return new HarnessException(name + " ended with status " + process.exitValue() + tail());
  }

  private String tail() {
    try {
      String text = Files.readString(log).strip();
      String end = text.substring(Math.max(0, text.length() - LOG_TAIL));
      return end.isEmpty() ? "" : "; it printed:\n" + end;
    } catch (IOException unreadable) {
      return "; see " + log;
    }
  }

  /** Stops it where it is, until {@link #resume}. */
  void pause() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** Lets it go on; does nothing to one that was not paused. */
  void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    int status = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    if (status != 0 && process.isAlive()) {
      throw new HarnessException("kill %s of %s ended with %d".formatted(signal, name, status));
    }
  }

  /** Ends it as {@code kill -9} does, and waits until it has ended. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end, and makes it end when it does not. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    RUNNING.remove(process);
  }
}
