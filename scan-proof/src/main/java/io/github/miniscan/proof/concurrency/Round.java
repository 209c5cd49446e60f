package io.github.miniscan.proof.concurrency;

import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.process.ScanProgram;
import io.github.miniscan.proof.process.ScanQueue;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.OracleReport;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One new file that eight write and eight read at once, from its making to its last row. */
final class Round {

  static final int WRITERS = 8;
  static final int READERS = 8;

  private static final int PROGRAMS = 2;
  private static final int MESSAGES = 2_000;

  /** The status of a JVM that is terminated before it listens to signals. */
  private static final int TERMINATED = 143;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Plan plan;
  private final Path directory;
  private final Path path;
  private final Path jar;
  private final AtomicBoolean written = new AtomicBoolean();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Process> processes = new ArrayList<>();

  private Round(Plan plan, Path directory, Path jar) {
    this.plan = plan;
    this.directory = directory;
    this.path = directory.resolve("scans.db");
    this.jar = jar;
  }

  /** Who they are that write and read. */
  enum Kind {
    THREADS,
    PROCESSES,
    THREADS_OF_ONE_STORE,
    PROGRAMS
  }

  /**
   * What was done.
   *
   * @param written by the writers, those of {@code consume} left out
   * @param reads of readers and of {@code query}
   * @param snapshots that were held, and checkpoints that were made meanwhile
   */
  record Done(PlannedWriter.Written written, long reads, long snapshots) {}

  /**
   * @param directory an empty one for the file
   * @param jar the program
   */
  static Done run(Kind kind, long seed, int batches, Path directory, Path jar)
      throws IOException, InterruptedException {
    int writers = kind == Kind.PROGRAMS ? WRITERS - PROGRAMS : WRITERS;
    Round round = new Round(new Plan(seed, writers, batches), directory, jar);
    try {
      return switch (kind) {
        case THREADS -> round.threads();
        case PROCESSES -> round.processes();
        case THREADS_OF_ONE_STORE -> round.oneStore();
        case PROGRAMS -> round.programs(seed);
      };
    } finally {
      round.end();
    }
  }

  private Done threads() throws InterruptedException {
    List<Future<PlannedWriter.Written>> writers = startWriters(Stores.own(path, false));
    awaitStore();
    List<Future<Long>> others = startOthers();
    for (int reader = 0; reader < READERS; reader++) {
      others.add(startReader(reader, Stores.own(path, true)));
    }
    return finish(writers, others, plan.oracle());
  }

  private Done oneStore() throws InterruptedException {
    try (ScanStore store = SqliteScanStore.open(path)) {
      Stores shared = Stores.shared(store);
      List<Future<PlannedWriter.Written>> writers = startWriters(shared);
      List<Future<Long>> others = startOthers();
      for (int reader = 0; reader < READERS; reader++) {
        others.add(startReader(reader, shared));
      }
      return finish(writers, others, plan.oracle());
    }
  }

  private Done processes() throws IOException, InterruptedException {
    List<Future<PlannedWriter.Written>> writers = new ArrayList<>();
    for (int writer = 0; writer < plan.writers(); writer++) {
      Process process = startWorker("write", writer);
      writers.add(threads.submit(() -> writtenBy(process)));
    }
    awaitStore();
    List<Future<Long>> others = startOthers();
    for (int reader = 0; reader < READERS; reader++) {
      Process process = startWorker("read", reader);
      others.add(threads.submit(() -> readBy(process)));
    }
    return finish(writers, others, plan.oracle());
  }

  private Done programs(long seed) throws IOException, InterruptedException {
    Oracle oracle = plan.oracle();
    List<TrafficMessage> messages = new ArrayList<>();
    TrafficGenerator traffic = new TrafficGenerator(TrafficOptions.nasty(seed));
    for (int i = 0; i < MESSAGES; i++) {
      messages.add(traffic.next());
      oracle.published(messages.get(i));
    }
    try (ScanQueue queue = ScanQueue.start(traffic, MESSAGES + 1)) {
      queue.publish(messages);
      List<Future<PlannedWriter.Written>> writers = startWriters(Stores.own(path, false));
      for (int i = 0; i < PROGRAMS; i++) {
        writers.add(threads.submit(() -> consume(queue)));
      }
      awaitStore();
      List<Future<Long>> others = startOthers();
      for (int i = 0; i < PROGRAMS; i++) {
        others.add(threads.submit(this::query));
      }
      for (int reader = PROGRAMS; reader < READERS; reader++) {
        others.add(startReader(reader, Stores.own(path, true)));
      }
      return finish(writers, others, oracle);
    }
  }

  private List<Future<PlannedWriter.Written>> startWriters(Stores stores) {
    List<Future<PlannedWriter.Written>> writers = new ArrayList<>();
    for (int writer = 0; writer < plan.writers(); writer++) {
      writers.add(threads.submit(new PlannedWriter(plan, writer, stores)));
    }
    return writers;
  }

  private Future<Long> startReader(int number, Stores stores) {
    return threads.submit(new PlannedReader(plan, number, stores, written::get));
  }

  /** Those who use the file as anybody may: one holds snapshots, one makes checkpoints. */
  private List<Future<Long>> startOthers() {
    List<Future<Long>> others = new ArrayList<>();
    others.add(threads.submit(new Snapshots(path, plan.seed(), true, written::get)));
    others.add(threads.submit(new Snapshots(path, plan.seed(), false, written::get)));
    return others;
  }

  /** Readers make no file: they begin when the first writer has made it. */
  private void awaitStore() throws InterruptedException {
    long began = System.nanoTime();
    while (true) {
      try {
        SqliteScanStore.openReadOnly(path).close();
        return;
      } catch (StoreException e) {
        if (!String.valueOf(e.getMessage()).startsWith("no store at")
            || System.nanoTime() - began > PATIENCE.toNanos()) {
          throw new BrokenPromiseException("a reader can not open the file: " + e.getMessage(), e);
        }
        Thread.sleep(5);
      }
    }
  }

  private Done finish(
      List<Future<PlannedWriter.Written>> writers, List<Future<Long>> others, Oracle oracle)
      throws InterruptedException {
    PlannedWriter.Written all = PlannedWriter.Written.NOTHING;
    try {
      for (Future<PlannedWriter.Written> writer : writers) {
        all = all.and(result(writer));
      }
    } finally {
      written.set(true);
    }
    long snapshots = result(others.get(0)) + result(others.get(1));
    long reads = 0;
    for (Future<Long> reader : others.subList(2, others.size())) {
      reads += result(reader);
    }
    try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
      OracleReport report = oracle.check(store, store);
      if (!report.agrees()) {
        throw new BrokenPromiseException("when all had written: " + report);
      }
    }
    return new Done(all, reads, snapshots);
  }

  private static <T> T result(Future<T> future) throws InterruptedException {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new BrokenPromiseException(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new BrokenPromiseException("no end within " + PATIENCE.toSeconds() + " s", e);
    }
  }

  private Process startWorker(String role, int number) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                role,
                path.toString(),
                Long.toString(plan.seed()),
                Integer.toString(plan.writers()),
                Integer.toString(plan.batches()),
                Integer.toString(number))
            .redirectErrorStream(true)
            .start();
    synchronized (processes) {
      processes.add(process);
    }
    return process;
  }

  private static PlannedWriter.Written writtenBy(Process process)
      throws IOException, InterruptedException {
    String[] figures = told(process, Worker.WROTE);
    return new PlannedWriter.Written(
        Long.parseLong(figures[1]),
        Long.parseLong(figures[2]),
        Long.parseLong(figures[3]),
        Long.parseLong(figures[4]));
  }

  private Long readBy(Process process) throws IOException, InterruptedException {
    while (!written.get() && process.isAlive()) {
      Thread.sleep(10);
    }
    process.getOutputStream().close();
    return Long.parseLong(told(process, Worker.READ)[1]);
  }

  private static String[] told(Process process, String word)
      throws IOException, InterruptedException {
    List<String> lines;
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      lines = output.lines().toList();
    }
    int status = process.waitFor();
    return lines.stream()
        .filter(line -> status == 0 && line.startsWith(word + " "))
        .map(line -> line.split(" "))
        .findFirst()
        .orElseThrow(
            () ->
                new BrokenPromiseException(
                    "a process ended with status %d: %s"
                        .formatted(status, String.join(" | ", lines))));
  }

  /** Consumes until everything is acked, by whomever, and stops as an operator would have it. */
  private PlannedWriter.Written consume(ScanQueue queue) throws IOException, InterruptedException {
    try (ScanProgram program =
        ScanProgram.of(jar, directory)
            .start("consume", "--emulator", queue.address(), "--store", path)) {
      while (program.isRunning() && queue.counts().acked() < MESSAGES) {
        Thread.sleep(20);
      }
      program.signal("TERM");
      int status = program.await(PATIENCE);
      // The other may have done all the work before this one had begun.
      require(status == TERMINATED && program.out().isEmpty() ? 0 : status, program);
    }
    return PlannedWriter.Written.NOTHING;
  }

  private Long query() throws IOException, InterruptedException {
    long queries = 0;
    do {
      try (ScanProgram program =
          ScanProgram.of(jar, directory)
              .start(
                  "query",
                  "--store",
                  path,
                  "--ip",
                  Plan.hotHost((int) (queries % Plan.HOSTS)),
                  "--format",
                  "csv")) {
        require(program.await(PATIENCE), program);
        long answers =
            program.out().lines().skip(1).map(line -> line.split(",", 4)[3]).distinct().count();
        long keys = program.out().lines().skip(1).count();
        if (answers > 1 || (keys != 0 && keys != Plan.KEYS)) {
          throw new BrokenPromiseException("query printed half a batch: " + program.out());
        }
      }
      queries++;
    } while (!written.get());
    return queries;
  }

  private static void require(int status, ScanProgram program) {
    if (status != 0 || program.err().contains("should not have happened")) {
      throw new BrokenPromiseException(
          "a program ended with status %d: %s".formatted(status, program.err()));
    }
  }

  /** Leaves no process and no thread behind. */
  private void end() throws InterruptedException {
    written.set(true);
    synchronized (processes) {
      for (Process process : processes) {
        process.destroyForcibly().waitFor();
      }
    }
    threads.shutdownNow();
    threads.awaitTermination(1, TimeUnit.MINUTES);
  }
}
