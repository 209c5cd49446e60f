package io.github.miniscan.bench.harness;

import io.github.miniscan.sqlite.WriteSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The C program on libsqlite3, compiled for this machine. */
final class Floor {

  private static final long COMPILE_SECONDS = 60;

  private final Path program;
  private final Path statement;

  private Floor(Path program, Path statement) {
    this.program = program;
    this.statement = statement;
  }

  /**
   * Compiles it.
   *
   * @param source floor.c
   * @throws HarnessException when there is no C compiler, or no libsqlite3 to compile with
   */
  static Floor compile(Path source, Path directory) throws IOException, InterruptedException {
    Path program = directory.resolve("floor");
    Path log = directory.resolve("floor-build.log");
    List<String> command =
        List.of(
            "cc",
            "-O2",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-o",
            program.toString(),
            source.toString(),
            "-lsqlite3");
    try (ChildProcess compiler = ChildProcess.start("cc", command, Map.of(), log)) {
      compiler.awaitSuccess(COMPILE_SECONDS);
    } catch (IOException e) {
      throw new HarnessException("there is no C compiler (cc): install one to compare with C", e);
    } catch (HarnessException e) {
      throw new HarnessException(
          "floor.c does not compile: install libsqlite3 with its header, as in apt-get install"
              + " libsqlite3-dev ("
              + e.getMessage()
              + ")",
          e);
    }
    Path statement = directory.resolve("upsert.sql");
    Files.writeString(statement, WriteSettings.upsert());
    return new Floor(program, statement);
  }

  /** The command that does the task with existing files of a store. */
  List<String> command(WriteTask task) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(task.arguments());
    command.add(statement.toString());
    command.addAll(WriteSettings.pragmas());
    return command;
  }
}
