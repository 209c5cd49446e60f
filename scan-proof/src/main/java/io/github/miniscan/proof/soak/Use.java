package io.github.miniscan.proof.soak;

import io.github.miniscan.bench.harness.ProcessUsage;
import io.github.miniscan.proof.BrokenPromiseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one life of a program used, sample by sample. */
final class Use {

  /** What is looked at, and how much of it there may be. */
  enum Of {
    RESIDENT("resident memory, MB", 0.2, 24),
    HEAP("heap after a collection, MB", 0.5, 24),
    FILES("file handles", 0, 8),
    THREADS("threads", 0, 5),
    /** Goes up and down between nothing and its limit, so that how it began says nothing. */
    LOG("write-ahead log, MB", 900);

    private final String words;
    private final double share;
    private final long constant;
    private final long most;
    private final String tolerated;

    /** What may grow between the beginning and the end by a share or a constant. */
    Of(String words, double share, long constant) {
      this.words = words;
      this.share = share;
      this.constant = constant;
      this.most = Long.MAX_VALUE;
      String added = "+" + constant;
      this.tolerated =
          share == 0 ? added : String.format(Locale.ROOT, "+%.0f %% or %s", share * 100, added);
    }

    /** What may be anything up to a limit. */
    Of(String words, long most) {
      this.words = words;
      this.share = 0;
      this.constant = most;
      this.most = most;
      this.tolerated = "at most " + most;
    }

    /** What it is, with its unit. */
    String words() {
      return words;
    }

    /** How much of it there may be, in words. */
    String tolerated() {
      return tolerated;
    }

    private boolean allows(long beginning, long end, long highest) {
      return end - beginning <= Math.max((double) constant, share * beginning) && highest <= most;
    }
  }

  private record Sample(
      long residentBytes, long heapMegabytes, long openFiles, long threads, long logBytes) {

    long of(Of what) {
      return switch (what) {
        case RESIDENT -> residentBytes >> 20;
        case HEAP -> heapMegabytes;
        case FILES -> openFiles;
        case THREADS -> threads;
        case LOG -> logBytes >> 20;
      };
    }
  }

  /** Fewer say nothing about what is flat. */
  private static final int FEWEST = 25;

  private static final Pattern AFTER = Pattern.compile("->(\\d+)M\\(");

  private final Path log;
  private final Path collections;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * @param log the write-ahead log
   * @param collections where the program's JVM writes what it collected
   */
  Use(Path log, Path collections) {
    this.log = log;
    this.collections = collections;
  }

  /** Takes one sample, where this machine can tell. */
  void sample(ProcessUsage usage) throws IOException {
    OptionalLong resident = usage.residentBytes();
    if (resident.isPresent()) {
      samples.add(
          new Sample(
              resident.getAsLong(),
              heapAfterCollection(),
              usage.openFiles().orElse(0),
              usage.threads().orElse(0),
              Files.exists(log) ? Files.size(log) : 0));
    }
  }

  /** The last of what the JVM wrote is enough. */
  private long heapAfterCollection() throws IOException {
    long last = 0;
    if (Files.exists(collections)) {
      Matcher matcher = AFTER.matcher(Files.readString(collections));
      while (matcher.find()) {
        last = Long.parseLong(matcher.group(1));
      }
    }
    return last;
  }

  /** The median of the second fifth: the first is for warming up. */
  String atBeginning(Of what) {
    return samples.isEmpty() ? "–" : shown(fifth(what, 1));
  }

  /** The median of the last fifth. */
  String atEnd(Of what) {
    return samples.isEmpty() ? "–" : shown(fifth(what, 4));
  }

  /** The most that there was at any time. */
  String atMost(Of what) {
    return samples.isEmpty() ? "–" : shown(highest(what));
  }

  private static String shown(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private long highest(Of what) {
    return samples.stream().mapToLong(sample -> sample.of(what)).max().orElseThrow();
  }

  private long fifth(Of what, int number) {
    int from = samples.size() * number / 5;
    int to = Math.max(from + 1, samples.size() * (number + 1) / 5);
    List<Long> sorted =
        samples.subList(from, to).stream().map(sample -> sample.of(what)).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /**
   * Checks that there was not more of anything than is tolerated.
   *
   * @throws BrokenPromiseException when there was
   */
  void check() {
    if (samples.size() < FEWEST) {
      return;
    }
    for (Of what : Of.values()) {
      long beginning = fifth(what, 1);
      long end = fifth(what, 4);
      long highest = highest(what);
      if (!what.allows(beginning, end, highest)) {
        throw new BrokenPromiseException(
            "nothing may grow with uptime, and %s went from %d to %d, and up to %d (tolerated: %s)"
                .formatted(what.words, beginning, end, highest, what.tolerated));
      }
    }
  }
}
