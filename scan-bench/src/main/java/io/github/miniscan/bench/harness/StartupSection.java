package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.contestants.HelloWorld;
import io.github.miniscan.bench.parts.NumberedScans;
import io.github.miniscan.bench.parts.PreparedFile;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long {@code ./scan query --ip} takes as a whole process, from its start until it has ended,
 * beside the same by {@code java -jar} and the least that a JVM can do; on each JDK.
 */
final class StartupSection implements Section {

  private static final String SCAN = "./scan query --ip";
  private static final String JAR = "java -jar … query --ip";
  private static final String HELLO = "Hello World";
  private static final String MILLIS = "ms";

  private static final int RECORDS = 10_000_000;
  private static final int QUICK_RECORDS = 10_000;
  private static final int ROUNDS = 40;
  private static final int WARM_UPS = 3;
  private static final double HELLO_GOAL = 6;
  private static final long LONGEST_SECONDS = 600;

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public List<String> tables() {
    return List.of("startup");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    int records = options.size(RECORDS, QUICK_RECORDS);
    int rounds = options.size(ROUNDS, 3);
    Path database = PreparedFile.of(records);
    PreparedFile.warm(database);
    Path classes = helloClasses(options.directory());
    Runs runs = new Runs();
    Map<String, String> versions = new TreeMap<>();
    for (Path jdk : options.jdks()) {
      String version = version(jdk, options.directory());
      String group = "JDK " + version.split("\\.")[0];
      versions.put(group, version);
      for (int round = 1 - WARM_UPS; round <= rounds; round++) {
        Map<String, List<String>> commands = commands(options, jdk, database, classes, records);
        List<String> names = List.copyOf(commands.keySet());
        for (String name : Turns.of(names, round + WARM_UPS)) {
          double millis = millis(name, commands.getOrDefault(name, List.of()), jdk, options);
          if (round > 0) {
            runs.add(new Run(group, name, round, Map.of(MILLIS, millis), ""));
          }
        }
      }
      Progress.say("  " + group + " is done");
    }
    return new SectionReport(
        name(),
        Map.of("records", Integer.toString(records), "runs", Integer.toString(rounds)),
        versions,
        runs.all(),
        List.of(table(runs)),
        goals(runs),
        List.of());
  }

  private static Table table(Runs runs) {
    Table.Builder table =
        Table.builder(
            "startup", "ms", SCAN, JAR, HELLO, "against Hello World", "against java -jar");
    for (String group : runs.groups()) {
      table.row(
          group,
          Figures.cell(runs.spread(group, SCAN, MILLIS)),
          Figures.cell(runs.spread(group, JAR, MILLIS)),
          Figures.cell(runs.spread(group, HELLO, MILLIS)),
          Figures.cell(runs.ratio(group, SCAN, HELLO, MILLIS)),
          Figures.cell(runs.ratio(group, SCAN, JAR, MILLIS)));
    }
    return table.build();
  }

  private static List<Goal> goals(Runs runs) {
    List<Goal> goals = new ArrayList<>();
    for (String group : runs.groups()) {
      goals.add(
          Goal.atMost(
              HELLO_GOAL,
              "",
              "`./scan query --ip` against Hello World, " + group,
              runs.ratio(group, SCAN, HELLO, MILLIS)));
      goals.add(
          Goal.atMost(
              1,
              "",
              "`./scan query --ip` against `java -jar`, " + group,
              runs.ratio(group, SCAN, JAR, MILLIS)));
    }
    return goals;
  }

  private static Map<String, List<String>> commands(
      HarnessOptions options, Path jdk, Path database, Path classes, int records) {
    String java = jdk.resolve("bin/java").toString();
    String ip = NumberedScans.host(PreparedFile.NUMBERS_PER_RECORD * (records / 3)).toString();
    List<String> query = List.of("query", "--ip", ip, "--store", database.toString());
    List<String> scan = new ArrayList<>(List.of(options.root().resolve("scan").toString()));
    scan.addAll(query);
    List<String> jar = new ArrayList<>(List.of(java, "-jar", options.cliJar().toString()));
    jar.addAll(query);
    Map<String, List<String>> commands = new LinkedHashMap<>();
    commands.put(SCAN, scan);
    commands.put(JAR, jar);
    commands.put(HELLO, List.of(java, "-cp", classes.toString(), HelloWorld.class.getName()));
    return commands;
  }

  private static double millis(String name, List<String> command, Path jdk, HarnessOptions options)
      throws IOException, InterruptedException {
    Path log = options.directory().resolve("startup.log");
    Path output = options.directory().resolve("startup.out");
    long start = System.nanoTime();
    try (ChildProcess process =
        ChildProcess.start(name, command, Map.of("JAVA_HOME", jdk.toString()), log, output)) {
      process.awaitSuccess(LONGEST_SECONDS);
      double millis = (System.nanoTime() - start) / 1e6;
      if (Files.size(output) == 0) {
        throw new HarnessException(name + " printed nothing");
      }
      return millis;
    }
  }

  /** The one class, alone in a directory. */
  private static Path helloClasses(Path directory) throws IOException {
    String name = HelloWorld.class.getName().replace('.', '/') + ".class";
    Path classes = directory.resolve("hello");
    Path file = classes.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    try (InputStream bytes = HelloWorld.class.getClassLoader().getResourceAsStream(name)) {
      if (bytes == null) {
        throw new IOException("no class file " + name);
      }
      Files.write(file, bytes.readAllBytes());
    }
    return classes;
  }

  private static String version(Path jdk, Path directory) throws IOException, InterruptedException {
    Path log = directory.resolve("version.log");
    Path output = directory.resolve("version.out");
    List<String> command =
        List.of(jdk.resolve("bin/java").toString(), "-XshowSettings:properties", "-version");
    try (ChildProcess process =
        ChildProcess.start("java of " + jdk, command, Map.of(), log, output)) {
      process.awaitSuccess(60);
    }
    return Files.readString(log)
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("java.runtime.version = "))
        .map(line -> line.substring(line.indexOf('=') + 2))
        .findFirst()
        .orElse("unknown");
  }
}
