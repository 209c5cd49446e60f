package io.github.miniscan.cli.start;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The arguments as they were typed. */
public final class CommandLineArguments {

  private static final Path RAW = Path.of("/proc/self/cmdline");

  private CommandLineArguments() {}

  /**
   * The same arguments, read as UTF-8 whatever the locale: the JVM decodes them by the locale, and
   * under {@code LANG=C} nothing beyond ASCII survives. Where the system does not show them, they
   * stay as they are.
   */
  public static String[] exact(String[] args) {
    boolean plain = Arrays.stream(args).allMatch(arg -> arg.chars().allMatch(c -> c < 0x80));
    if (plain || !Files.isReadable(RAW)) {
      return args;
    }
    try {
      String[] all = Files.readString(RAW, StandardCharsets.UTF_8).split("\0", -1);
      int end = all.length - 1;
      return end >= args.length ? Arrays.copyOfRange(all, end - args.length, end) : args;
    } catch (IOException e) {
      return args;
    }
  }
}
