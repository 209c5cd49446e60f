package io.github.miniscan.proof.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.bench.harness.ProcessUsage;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.UnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The program as people run it: {@code java -jar}, in a process of its own. It ends with {@link
 * #close()}, or with this JVM at the latest. What this machine says about servers, accounts and JVM
 * options does not reach it.
 */
public final class ScanProgram implements AutoCloseable {

  /** Options for a life that is short: what takes long to warm up is left out. */
  public static final List<String> SHORT_LIFE =
      List.of("-Xmx192m", "-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

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
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-programs"));
  }

  private final Process process;
  private final Path out;
  private final Path err;
  private final long startedAt;

  private ScanProgram(Process process, Path out, Path err, long startedAt) {
    this.process = process;
    this.out = out;
    this.err = err;
    this.startedAt = startedAt;
  }

  /**
   * A program that can be started any number of times.
   *
   * @param jar the program
   * @param directory where what it prints goes while it runs
   * @throws UnavailableException when the program was not built
   */
  public static Launch of(Path jar, Path directory) {
    if (!Files.isRegularFile(jar)) {
      throw new UnavailableException("the program is not built: " + jar + " (mvn package)");
    }
    return new Launch(jar, directory, SHORT_LIFE, Map.of(), List.of());
  }

  /**
   * How it is started. Immutable: each {@code with} method gives a new one.
   *
   * @param javaOptions {@link #SHORT_LIFE} unless told otherwise
   * @param environment further variables; an empty one is not set
   * @param wrapper words before the command line, such as those of strace
   */
  public record Launch(
      Path jar,
      Path directory,
      List<String> javaOptions,
      Map<String, String> environment,
      List<String> wrapper) {

    public Launch {
      javaOptions = List.copyOf(javaOptions);
      environment = Map.copyOf(environment);
      wrapper = List.copyOf(wrapper);
    }

    public Launch withJavaOptions(List<String> newJavaOptions) {
      return new Launch(jar, directory, newJavaOptions, environment, wrapper);
    }

    public Launch withEnvironment(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(environment);
      more.put(name, value);
      return new Launch(jar, directory, javaOptions, more, wrapper);
    }

    public Launch withWrapper(List<String> newWrapper) {
      return new Launch(jar, directory, javaOptions, environment, newWrapper);
    }

    /** The words of the command line. */
    public List<String> command(Object... arguments) {
      List<String> words = new ArrayList<>(wrapper);
      words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      words.addAll(javaOptions);
      if (Runtime.version().feature() >= WARNS_OF_UNSAFE) {
        words.add("--sun-misc-unsafe-memory-access=allow");
      }
      words.add("-jar");
      words.add(jar.toString());
      Arrays.stream(arguments).map(Object::toString).forEach(words::add);
      return words;
    }

    /** Starts it with these arguments. */
    public ScanProgram start(Object... arguments) throws IOException {
      Path out = Files.createTempFile(directory, "scan-", ".out");
      Path err = Files.createTempFile(directory, "scan-", ".err");
      ProcessBuilder builder = new ProcessBuilder(command(arguments));
      NOT_INHERITED.forEach(builder.environment()::remove);
      environment.forEach(
          (name, value) -> {
            builder.environment().remove(name);
            if (!value.isEmpty()) {
              builder.environment().put(name, value);
            }
          });
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      long startedAt = System.nanoTime();
      Process process = builder.start();
      RUNNING.add(process);
      return new ScanProgram(process, out, err, startedAt);
    }
  }

  /** When it was started, by {@link System#nanoTime()}. */
  public long startedAt() {
    return startedAt;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** What it uses at present. */
  public ProcessUsage usage() {
    return new ProcessUsage(process.toHandle());
  }

  /** Returns whether a thread's name begins so; false where the system does not tell. */
  public boolean hasThread(String beginning) {
    Path threads = Path.of("/proc", Long.toString(pid()), "task");
    try (DirectoryStream<Path> each = Files.newDirectoryStream(threads)) {
      for (Path thread : each) {
        if (Files.readString(thread.resolve("comm")).startsWith(beginning)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException notThere) {
      return false;
    }
  }

  /** All that it wrote to standard output so far. */
  public String out() {
    return read(out);
  }

  /** All that it wrote to standard error so far. */
  public String err() {
    return read(err);
  }

  /**
   * Waits for its end.
   *
   * @return its exit status
   * @throws BrokenPromiseException when it does not end in time; with what it wrote
   */
  public int await(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new BrokenPromiseException(
          "the program must end, and runs after %s; it wrote:%n%s%s"
              .formatted(limit, out(), err()));
    }
    return process.exitValue();
  }

  /**
   * Waits until standard error fits.
   *
   * @throws BrokenPromiseException when it does not in time, or the program ended; with what it
   *     wrote
   */
  public void awaitErr(Duration limit, Predicate<String> fits) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!fits.test(err())) {
      if (System.nanoTime() - end > 0 || !process.isAlive()) {
        throw new BrokenPromiseException(
            "not what was waited for, within %s; it wrote:%n%s%s".formatted(limit, out(), err()));
      }
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Sends a signal by its name: TERM, INT, STOP, CONT. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
  }

  /** SIGKILL; the process is gone when this returns, its connections perhaps not yet. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    RUNNING.remove(process);
  }

  /** Kills what still runs, and removes what it printed. */
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
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
