package io.github.miniscan.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.fail;

import io.github.miniscan.cli.ProgramUnderTest.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The program as people run it: {@code java -jar}, in a process of its own. What the machine that
 * runs the tests says about servers, accounts and JVM options does not reach it.
 */
final class ScanProcess implements AutoCloseable {

  private static final List<String> NOT_INHERITED =
      List.of(
          "PUBSUB_EMULATOR_HOST",
          "PUBSUB_PROJECT_ID",
          "GOOGLE_APPLICATION_CREDENTIALS",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS");

  /** From this version on Java warns of what Netty does, unless it is told that it may. */
  private static final int WARNS_OF_UNSAFE = 24;

  private static final long POLL_MILLIS = 5;

  private final Process process;
  private final Path out;
  private final Path err;

  private ScanProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** What comes before the arguments on the command line. */
  static List<String> command() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Short runs: compiling for long ones would only slow them down.
    words.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= WARNS_OF_UNSAFE) {
      words.add("--sun-misc-unsafe-memory-access=allow");
    }
    words.add("-jar");
    words.add(requireNonNull(System.getProperty("scan.jar"), "the property scan.jar is not set"));
    return words;
  }

  static ScanProcess start(Object... args) throws IOException {
    return startWith(Map.of(), args);
  }

  /** Starts with these environment variables; an empty one is not set. */
  static ScanProcess startWith(Map<String, String> environment, Object... args) throws IOException {
    List<String> words = new ArrayList<>(command());
    Arrays.stream(args).map(Object::toString).forEach(words::add);
    return startCommand(environment, words);
  }

  /** Runs the program by a shell, in which {@code $SCAN} stands for it. */
  static Result shell(String script, Object... args) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    Arrays.stream(args).map(Object::toString).forEach(words::add);
    try (ScanProcess shell = startCommand(Map.of("SCAN", String.join(" ", command())), words)) {
      return shell.await(Duration.ofMinutes(3));
    }
  }

  /** Starts any command, a shell's for one, as the program is started. */
  static ScanProcess startCommand(Map<String, String> environment, List<String> words)
      throws IOException {
    Path out = Files.createTempFile("scan", ".out");
    Path err = Files.createTempFile("scan", ".err");
    ProcessBuilder builder = new ProcessBuilder(words);
    NOT_INHERITED.forEach(builder.environment()::remove);
    environment.forEach(
        (name, value) -> {
          builder.environment().remove(name);
          if (!value.isEmpty()) {
            builder.environment().put(name, value);
          }
        });
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new ScanProcess(builder.start(), out, err);
  }

  /** Runs to the end, which must come within three minutes. */
  static Result run(Object... args) throws IOException, InterruptedException {
    try (ScanProcess program = start(args)) {
      return program.await(Duration.ofMinutes(3));
    }
  }

  /** What the program reads from standard input, until it is closed. */
  OutputStream in() {
    return process.getOutputStream();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Waits that long, or less when it ends before. */
  boolean isRunningAfter(Duration wait) throws InterruptedException {
    return !process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits for the end, and fails with what the program wrote when it does not come in time. */
  Result await(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      fail("still running after %s; it wrote:%n%s%s", limit, out(), err());
    }
    return new Result(process.exitValue(), out(), err());
  }

  /** Waits until standard error fits, and fails with what was written when it does not in time. */
  void awaitErr(Duration limit, Predicate<String> fits) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!fits.test(err())) {
      if (System.nanoTime() > end || !process.isAlive()) {
        fail("not what was waited for, within %s; it wrote:%n%s%s", limit, out(), err());
      }
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Sends a signal by its name: TERM, INT, HUP. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    kill.waitFor();
  }

  /** SIGKILL; the process is gone when this returns. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  long pid() {
    return process.pid();
  }

  /** Kills what still runs. */
  @Override
  public void close() throws IOException {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(out);
    Files.deleteIfExists(err);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
