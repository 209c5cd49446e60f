package io.github.miniscan.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Java programs that run on the JDK of this process. */
final class Java {

  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private Java() {}

  /** The java program, with the options that every process here gets. */
  static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As ./scan has it for what runs long.
    command.add("-XX:+UseParallelGC");
    if (hasHugePages()) {
      command.add("-XX:+UseTransparentHugePages");
    }
    // Both of these are for silence only: newer JDKs warn about what Netty and the driver do.
    if (Runtime.version().feature() >= 24) {
      command.add("--sun-misc-unsafe-memory-access=allow");
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    return command;
  }

  private static boolean hasHugePages() {
    try {
      return !Files.readString(HUGE_PAGES).contains("[never]");
    } catch (IOException none) {
      return false;
    }
  }

  /** A main class of this module. */
  static List<String> main(Class<?> program) {
    return List.of("-cp", System.getProperty("java.class.path"), program.getName());
  }

  /** A runnable jar. */
  static List<String> jar(Path jar) {
    return List.of("-jar", jar.toString());
  }
}
