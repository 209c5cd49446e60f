package io.github.miniscan.bench.harness;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.bench.parts.NumberedScans;
import io.github.miniscan.bench.parts.PreparedFile;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.sqlite.SqliteScanStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * How close the store comes to SQLite itself: {@code SqliteScanStore} beside a C program that runs
 * the same statement with the same pragmas on the same rows, in the same batches, on equal files,
 * and beside the bare driver doing the same.
 *
 * <p>Where the file has records before, all go on with the next rows round after round; where it is
 * empty, each round starts with an empty one. What they wrote is compared in the end.
 */
final class StoreSection implements Section {

  private static final String STORE = "SqliteScanStore";
  private static final String FLOOR = "C on libsqlite3";
  private static final String DRIVER = "the driver alone";
  private static final List<String> CONTESTANTS = List.of(STORE, FLOOR, DRIVER);
  private static final String RATE = "rows_per_second";
  private static final String CPU = "cpu_us_per_row";
  private static final String SORT = "sort_us_per_row";

  private static final int BATCH = IngestOptions.defaults().maxBatch();

  /** A file does not stay empty for longer. */
  private static final int ROWS_WHEN_EMPTY = 400_000;

  private static final int ROWS = 2_000_000;

  /**
   * So many more before them, until the log has the size that it keeps: blocks and memory for a log
   * that grows cost something for some seconds, of months.
   */
  private static final int[] UNCOUNTED = {0, 1_600_000, 400_000};

  private static final int WARM_UP_ROWS = 400_000;
  private static final int[] SIZES = {0, 1_000_000, 10_000_000};
  private static final int[] QUICK_SIZES = {0, 50_000, 100_000};
  private static final double[] GOALS = {0.9, 0.93, 0.95};

  /** A short run says less than a long one. */
  private static final int[] RUNS_PER_ROUND = {4, 2, 1};

  /**
   * All rows wait in memory, which costs a C program nothing: a heap that holds them from the start
   * is not collected as a whole because of them, while what the store leaves behind is. All of the
   * heap is touched before: in a virtual machine that gives free memory back to its host, the first
   * touch costs microseconds a page, and a C program has little that is new while it writes.
   */
  private static final List<String> HEAP = List.of("-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch");

  /** Of so many keys the rows for an empty file are drawn: hardly one twice. */
  private static final int MANY_KEYS = 25_000_000;

  private static final long LONGEST_SECONDS = 1_800;

  @Override
  public String name() {
    return "store";
  }

  @Override
  public List<String> tables() {
    return List.of("store");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    Path directory = options.directory();
    Floor floor = Floor.compile(options.root().resolve("scan-bench/src/main/c/floor.c"), directory);
    int[] sizes = options.quick() ? QUICK_SIZES : SIZES;
    Path warmUpRows = directory.resolve("warm-up.rows");
    RowsFile.write(warmUpRows, rows(options.size(WARM_UP_ROWS, 20_000), MANY_KEYS, 0));
    Runs runs = new Runs();
    Map<String, String> versions = new TreeMap<>();
    for (int i = 0; i < sizes.length; i++) {
      int rounds = options.rounds() * options.size(RUNS_PER_ROUND[i], 1);
      int rows = options.size(rowsAt(sizes[i]), 30_000);
      int uncounted = options.quick() ? 0 : UNCOUNTED[i];
      new Size(options, floor, sizes[i], rounds, rows, uncounted, warmUpRows, runs, versions).run();
    }
    Files.delete(warmUpRows);
    return new SectionReport(
        name(),
        Map.of(
            "rows", Integer.toString(options.size(ROWS, 30_000)),
            "rows_uncounted", options.quick() ? "0" : Arrays.toString(UNCOUNTED),
            "rows_when_empty", Integer.toString(options.size(ROWS_WHEN_EMPTY, 30_000)),
            "batch", Integer.toString(BATCH)),
        versions,
        runs.all(),
        List.of(table(runs)),
        goals(runs, sizes),
        List.of());
  }

  private static int rowsAt(int size) {
    return size == 0 ? ROWS_WHEN_EMPTY : ROWS;
  }

  private static List<ScanRecord> rows(int count, int keys, int round) {
    SplittableRandom random = new SplittableRandom(round);
    List<ScanRecord> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int number = PreparedFile.NUMBERS_PER_RECORD * random.nextInt(keys);
      long scannedAt = PreparedFile.SCANNED_AT + (long) round * count + i;
      rows.add(NumberedScans.scan(number, scannedAt));
    }
    return rows;
  }

  private static String group(int size) {
    return size == 0 ? "empty at first" : "%,d records".formatted(size);
  }

  private static Table table(Runs runs) {
    Table.Builder table =
        Table.builder(
            "store",
            "file",
            STORE + ", rows/s",
            FLOOR + ", rows/s",
            "against C",
            DRIVER + ", rows/s",
            "against the driver",
            "CPU µs/row",
            "CPU µs/row in C",
            "of it for sorting",
            "CPU µs/row of the driver");
    for (String group : runs.groups()) {
      table.row(
          group,
          Figures.cell(runs.spread(group, STORE, RATE)),
          Figures.cell(runs.spread(group, FLOOR, RATE)),
          Figures.cell(runs.ratio(group, STORE, FLOOR, RATE)),
          Figures.cell(runs.spread(group, DRIVER, RATE)),
          Figures.cell(runs.ratio(group, STORE, DRIVER, RATE)),
          Figures.cell(runs.spread(group, STORE, CPU)),
          Figures.cell(runs.spread(group, FLOOR, CPU)),
          Figures.cell(runs.spread(group, FLOOR, SORT)),
          Figures.cell(runs.spread(group, DRIVER, CPU)));
    }
    return table.build();
  }

  private static List<Goal> goals(Runs runs, int[] sizes) {
    List<Goal> goals = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      goals.add(
          Goal.atLeast(
              GOALS[i],
              "`SqliteScanStore` against the C program, " + group(sizes[i]),
              runs.ratio(group(sizes[i]), STORE, FLOOR, RATE)));
    }
    return goals;
  }

  /** Both at one size of the table. */
  private record Size(
      HarnessOptions options,
      Floor floor,
      int size,
      int rounds,
      int rows,
      int uncounted,
      Path warmUpRows,
      Runs runs,
      Map<String, String> versions) {

    void run() throws IOException, InterruptedException {
      Progress.say("  makes files with " + size + " records");
      Map<String, Path> files = new LinkedHashMap<>();
      for (String contestant : CONTESTANTS) {
        files.put(contestant, file("store-" + CONTESTANTS.indexOf(contestant)));
      }
      for (int round = 1; round <= rounds; round++) {
        if (size == 0) {
          for (Path file : files.values()) {
            begin(file);
          }
        }
        Path rowsFile = options.directory().resolve("round.rows");
        int keys = size == 0 ? MANY_KEYS : size;
        RowsFile.write(rowsFile, StoreSection.rows(uncounted + rows, keys, round));
        for (String contestant : Turns.of(CONTESTANTS, round)) {
          Path file = Objects.requireNonNull(files.get(contestant));
          PreparedFile.warm(file);
          runs.add(measured(contestant, round, command(contestant, file, rowsFile)));
        }
        Files.delete(rowsFile);
        if (size == 0) {
          compare(files);
        }
      }
      compare(files);
      for (Path file : files.values()) {
        DatabaseFiles.delete(file);
      }
    }

    private List<String> command(String contestant, Path file, Path rowsFile) throws IOException {
      Path warmUp = options.directory().resolve("warm-up.db");
      begin(warmUp);
      WriteTask task = new WriteTask(file, rowsFile, BATCH, warmUp, warmUpRows, uncounted);
      return switch (contestant) {
        case FLOOR -> floor.command(task);
        case DRIVER -> command(JdbcProcess.class, task);
        default -> command(StoreProcess.class, task);
      };
    }

    private Path file(String name) throws IOException {
      Path file = options.directory().resolve(name + ".db");
      DatabaseFiles.delete(file);
      if (size > 0) {
        Path copy = PreparedFile.copyOf(size);
        Files.move(copy, file);
        PreparedFile.removeCopy(copy);
      }
      return file;
    }

    private static void begin(Path file) throws IOException {
      DatabaseFiles.delete(file);
      SqliteScanStore.open(file).close();
    }

    private List<String> command(Class<?> program, WriteTask task) {
      List<String> command = new ArrayList<>(Java.command());
      if (!options.quick()) {
        command.addAll(HEAP);
      }
      command.addAll(Java.main(program));
      command.addAll(task.arguments());
      return command;
    }

    private Run measured(String contestant, int round, List<String> command)
        throws IOException, InterruptedException {
      Path log = options.directory().resolve("store.log");
      Path output = options.directory().resolve("store.out");
      try (ChildProcess process = ChildProcess.start(contestant, command, Map.of(), log, output)) {
        process.awaitSuccess(LONGEST_SECONDS);
      }
      DatabaseFiles.delete(options.directory().resolve("warm-up.db"));
      Map<String, String> printed = words(output);
      double written = number(printed, "rows");
      Map<String, Double> figures = new HashMap<>();
      figures.put(RATE, written * 1e9 / number(printed, "nanos"));
      figures.put(CPU, number(printed, "cpu_nanos") / 1e3 / written);
      if (printed.containsKey("sort_nanos")) {
        figures.put(SORT, number(printed, "sort_nanos") / 1e3 / written);
      }
      versions.put("sqlite of " + contestant, printed.getOrDefault("sqlite", "unknown"));
      Run run = new Run(group(size), contestant, round, figures, "");
      Progress.say(run);
      return run;
    }

    private static double number(Map<String, String> printed, String name) {
      return Double.parseDouble(printed.getOrDefault(name, "NaN"));
    }

    /** The last line, which is words in pairs. */
    private static Map<String, String> words(Path output) throws IOException {
      List<String> lines = Files.readAllLines(output);
      String[] words = lines.get(lines.size() - 1).split(" ");
      Map<String, String> pairs = new HashMap<>();
      for (int i = 0; i + 1 < words.length; i += 2) {
        pairs.put(words[i], words[i + 1]);
      }
      return pairs;
    }

    private static void compare(Map<String, Path> files) {
      Path ours = Objects.requireNonNull(files.get(STORE));
      files.forEach(
          (contestant, theirs) -> {
            String difference = SameRows.difference(ours, theirs);
            if (!difference.isEmpty()) {
              throw new HarnessException(
                  "the store and %s do not do the same: %s".formatted(contestant, difference));
            }
          });
    }
  }
}
