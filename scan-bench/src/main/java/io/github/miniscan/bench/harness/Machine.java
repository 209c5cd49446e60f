package io.github.miniscan.bench.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where and when something was measured. */
final class Machine {

  private static final Pattern MODEL =
      Pattern.compile("^model name\\s*:\\s*(.*)$", Pattern.MULTILINE);

  private Machine() {}

  /** Date, commit, options, and the versions of all that has a part in it. */
  static Map<String, String> origin(HarnessOptions options, Duration took)
      throws IOException, InterruptedException {
    Map<String, String> origin = new TreeMap<>();
    origin.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    origin.put("seconds", Long.toString(took.toSeconds()));
    origin.put("commit", commit(options.root()));
    origin.put("rounds", Integer.toString(options.rounds()));
    origin.put("quick", Boolean.toString(options.quick()));
    origin.put("cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
    origin.put("cpu_model", cpuModel());
    origin.put("memory_bytes", memory());
    origin.put(
        "os",
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    origin.put(
        "jdk",
        "%s %s"
            .formatted(
                System.getProperty("java.vm.name"), System.getProperty("java.runtime.version")));
    origin.put("sqlite_of_driver", sqliteOfDriver());
    return origin;
  }

  static String sqliteOfDriver() {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new HarnessException("SQLite does not run here: " + e.getMessage(), e);
    }
  }

  private static String commit(Path root) throws IOException, InterruptedException {
    String commit = git(root, "rev-parse", "HEAD");
    // The documents change with each section that is measured.
    boolean changed = !git(root, "status", "--porcelain", "--", ":!docs").isEmpty();
    return commit.isEmpty() ? "unknown" : commit + (changed ? " and changes" : "");
  }

  private static String git(Path root, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("git", "-C", root.toString());
    builder.command().addAll(java.util.List.of(arguments));
    try {
      Process git = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String printed = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
      return git.waitFor() == 0 ? printed : "";
    } catch (IOException noGit) {
      return "";
    }
  }

  private static String cpuModel() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.exists(info)) {
      return System.getProperty("os.arch");
    }
    Matcher model = MODEL.matcher(Files.readString(info));
    return model.find() ? model.group(1) : System.getProperty("os.arch");
  }

  private static String memory() throws IOException {
    Path info = Path.of("/proc/meminfo");
    return Files.exists(info)
        ? ProcessUsage.bytesOf("MemTotal", Files.readString(info)).stream()
            .mapToObj(Long::toString)
            .findFirst()
            .orElse("unknown")
        : "unknown";
  }
}
