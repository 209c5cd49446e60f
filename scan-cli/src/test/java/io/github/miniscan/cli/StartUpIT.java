package io.github.miniscan.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.cli.ProgramUnderTest.Result;
import io.github.miniscan.cli.options.Stores;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a short command starts, and what it does not. */
class StartUpIT {

  @TempDir private Path directory;
  private Path store;

  @BeforeEach
  void makeStore() {
    store = directory.resolve("scans.db");
    try (ScanStore opened = Stores.sqlite(store).openOrCreate(Duration.ofSeconds(5))) {
      opened.write(Batch.of(List.of(), List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query",
        "query --ip 1.1.1.1 --format table",
        "query --format csv",
        "dead-letters list",
        "dead-letters list --format table",
        "dead-letters show no-such-id",
        "dead-letters purge --all"
      })
  void readingLoadsNeitherLoggingNorTheCloudClient(String arguments) throws Exception {
    List<String> loaded = classesLoadedBy(arguments);

    assertThat(loaded)
        .contains("io.github.miniscan.cli.Main", "io.github.miniscan.sqlite.SqliteScanStore")
        .noneMatch(
            name ->
                name.startsWith("ch.qos.logback.")
                    || name.startsWith("com.google.")
                    || name.startsWith("io.grpc.")
                    || name.startsWith("io.netty.")
                    || name.startsWith("io.github.miniscan.pubsub."));
  }

  @Test
  void aCommandIsReadWithoutTheOthers() throws Exception {
    assertThat(classesLoadedBy("query"))
        .contains("io.github.miniscan.cli.options.FormatOption")
        .doesNotContain(
            "io.github.miniscan.cli.options.ServerOptions",
            "io.github.miniscan.cli.options.DeadLetterFilter",
            "io.github.miniscan.cli.options.Logging");
  }

  private List<String> classesLoadedBy(String arguments) throws Exception {
    Path log = directory.resolve("classes.txt");
    List<String> command = new ArrayList<>(ScanProcess.command());
    command.add(1, "-Xlog:class+load:file=" + log + "");
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("--store", store.toString()));
    try (ScanProcess program = ScanProcess.startCommand(Map.of(), command)) {
      program.await(Duration.ofMinutes(3));
    }
    try (Stream<String> lines = Files.lines(log)) {
      return lines.map(line -> line.replaceFirst(".*\\] ", "").replaceFirst(" .*", "")).toList();
    }
  }

  @Test
  void theNativeLibraryIsKeptInTheUsersCache() throws Exception {
    Path cache = directory.resolve("cache");

    Result first = queryWith(Map.of("XDG_CACHE_HOME", cache.toString()));
    Result second = queryWith(Map.of("XDG_CACHE_HOME", cache.toString()));

    assertThat(first).isEqualTo(new Result(0, "", ""));
    assertThat(second).isEqualTo(first);
    try (Stream<Path> files = Files.list(cache.resolve("miniscan"))) {
      assertThat(files.map(Path::toString))
          .filteredOn(name -> name.contains("sqlitejdbc"))
          .hasSize(1);
    }
  }

  @Test
  void withoutACacheItWorksAllTheSame() throws Exception {
    Path inTheWay = Files.writeString(directory.resolve("cache"), "a file");

    Result result = queryWith(Map.of("XDG_CACHE_HOME", inTheWay.toString()));

    assertThat(result).isEqualTo(new Result(0, "", ""));
  }

  private Result queryWith(Map<String, String> environment)
      throws IOException, InterruptedException {
    try (ScanProcess program =
        ScanProcess.startWith(environment, "query", "--store", store.toString())) {
      return program.await(Duration.ofMinutes(3));
    }
  }

  @Test
  void theTrainingOfTheArchiveWorks() throws Exception {
    List<String> command = new ArrayList<>(ScanProcess.command());
    String jar = requireNonNull(System.getProperty("scan.jar"));
    command.subList(command.indexOf("-jar"), command.size()).clear();
    command.addAll(List.of("-cp", jar, "io.github.miniscan.cli.ArchiveTraining"));
    command.add(directory.resolve("training").toString());
    if (Runtime.version().feature() >= 24) {
      command.add(1, "--enable-native-access=ALL-UNNAMED");
    }

    try (ScanProcess training = ScanProcess.startCommand(Map.of(), command)) {
      assertThat(training.await(Duration.ofMinutes(3))).isEqualTo(new Result(0, "", ""));
    }
  }
}
