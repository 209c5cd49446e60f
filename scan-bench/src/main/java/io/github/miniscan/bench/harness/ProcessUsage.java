package io.github.miniscan.bench.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process has used so far, from {@code /proc} where there is one. Where there is none, the
 * CPU time is what Java knows of it, and sizes are unknown.
 */
public final class ProcessUsage {

  private static final Duration TICK = Duration.ofMillis(10);
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private final ProcessHandle process;

  /** What this process has used; after its end, nothing is known. */
  public ProcessUsage(ProcessHandle process) {
    this.process = process;
  }

  /** User and system time, to the hundredth of a second. */
  public Duration cpu() {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    try {
      return Files.exists(stat) ? cpuOf(Files.readString(stat)) : cpuOfHandle();
    } catch (IOException ended) {
      return cpuOfHandle();
    }
  }

  private Duration cpuOfHandle() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * From a line of {@code /proc/PID/stat}: fields 14 and 15, of which the second one, the name, may
   * have anything in it and is in parentheses.
   */
  static Duration cpuOf(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return TICK.multipliedBy(
        Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]));
  }

  /** The resident size at present, in bytes. */
  public OptionalLong residentBytes() {
    return status("VmRSS");
  }

  /** The highest resident size so far, in bytes. */
  public OptionalLong peakResidentBytes() {
    return status("VmHWM");
  }

  /** How many threads it has at present. */
  public OptionalLong threads() {
    return entries("task");
  }

  /** How many files, sockets and the like it has open at present. */
  public OptionalLong openFiles() {
    return entries("fd");
  }

  private OptionalLong entries(String directory) {
    Path path = Path.of("/proc", Long.toString(process.pid()), directory);
    try (Stream<Path> entries = Files.list(path)) {
      return OptionalLong.of(entries.count());
    } catch (IOException | UncheckedIOException unknown) {
      return OptionalLong.empty();
    }
  }

  private OptionalLong status(String field) {
    try {
      return bytesOf(
          field, Files.readString(Path.of("/proc", Long.toString(process.pid()), "status")));
    } catch (IOException unknown) {
      return OptionalLong.empty();
    }
  }

  /** A size from {@code /proc/PID/status}. */
  static OptionalLong bytesOf(String field, String status) {
    Matcher matcher =
        Pattern.compile("^" + field + ":\\s*(\\d+) kB$", Pattern.MULTILINE).matcher(status);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)) << 10)
        : OptionalLong.empty();
  }
}
