package io.github.miniscan.proof.disk;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.process.Progress;
import io.github.miniscan.proof.process.Times;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Lets everything fail that a store asks of its disk: first under the engine alone, each operation
 * in each way, and then under real consumers, with what else befalls a file. What was acked must be
 * there; the consumer goes on by itself, or stops with a sentence.
 */
public final class IoFailures implements Proof {

  /** So many operations fail under the engine for each round with a consumer. */
  private static final int POINTS_OF_A_ROUND = 10;

  @Override
  public String name() {
    return "io-failures";
  }

  @Override
  public String description() {
    return "When the disk fails, fills up or turns read-only, when others lock, remove or replace"
        + " the file, nothing acked is missing; the consumer goes on, or stops with a sentence.";
  }

  @Override
  public String unit() {
    return "rounds with a consumer";
  }

  @Override
  public long quickSize() {
    return 2;
  }

  @Override
  public long fullSize() {
    return 170;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    Path library = FaultyDisk.build(effort);
    Tally tally = new Tally();
    runEngine(effort, library, tally);
    Effort.Deadline deadline = effort.start();
    Random random = new Random(effort.seed());
    Progress progress = new Progress(name());
    List<Mishap> mishaps = new ArrayList<>();
    long rounds = 0;
    try (Patients patients = new Patients(effort, library)) {
      while (rounds < effort.size() && !deadline.isOver()) {
        if (mishaps.isEmpty()) {
          mishaps.addAll(List.of(Mishap.values()));
          Collections.shuffle(mishaps, random);
        }
        Mishap mishap = mishaps.remove(0);
        try {
          patients.of(mishap).suffer(mishap, random, tally);
        } catch (BrokenPromiseException e) {
          throw new BrokenPromiseException(
              "round %d, %s: %s".formatted(rounds + 1, mishap.title(), e.getMessage()), e);
        }
        rounds++;
        long done = rounds;
        progress.tell(() -> "%,d of %,d rounds".formatted(done, effort.size()));
      }
      patients.end(tally);
    }
    return tally.finding();
  }

  private static void runEngine(Effort effort, Path library, Tally tally)
      throws IOException, InterruptedException {
    Path place = Files.createDirectory(effort.directory().resolve("engine"));
    FaultyDisk disk =
        FaultyDisk.under(library, place.resolve("engine.db"), place.resolve("control"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            EngineWorker.class.getName(),
            Long.toString(effort.seed()),
            Long.toString(Math.min(Integer.MAX_VALUE, effort.size() * POINTS_OF_A_ROUND)),
            place.toString(),
            effort.directory().resolve("native").toString());
    builder.environment().putAll(disk.environment());
    builder.redirectError(place.resolve("err").toFile());
    Process process = builder.start();
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      if (said.startsWith("BROKEN")) {
        throw new BrokenPromiseException("the engine alone: " + said);
      }
      if (status != 0) {
        throw new IOException(
            "the engine's process ended with status %d: %s"
                .formatted(status, Files.readString(place.resolve("err"))));
      }
      tally.engine(said.split(" ", -1));
    } finally {
      process.destroyForcibly();
    }
  }

  /** The consumers: one that suffers what it outlives, and another for each other mishap. */
  private static final class Patients implements AutoCloseable {
    private final Effort effort;
    private final Path library;
    private int number;
    private @Nullable Patient tough;

    Patients(Effort effort, Path library) {
      this.effort = effort;
      this.library = library;
    }

    Patient of(Mishap mishap) throws IOException, InterruptedException {
      if (mishap.isLast()) {
        return next();
      }
      if (tough == null) {
        tough = next();
      }
      return tough;
    }

    private Patient next() throws IOException, InterruptedException {
      number++;
      Path place = Files.createDirectory(effort.directory().resolve("consumer-" + number));
      return new Patient(effort, library, place, effort.seed() + number);
    }

    void end(Tally tally) throws IOException, InterruptedException {
      if (tough != null) {
        tough.end(tally);
      }
    }

    @Override
    public void close() throws IOException {
      if (tough != null) {
        tough.close();
      }
    }
  }

  /** What came out. */
  static final class Tally {
    private final Map<Mishap, Outcome> outcomes = new EnumMap<>(Mishap.class);
    private long messages;
    private long looked;
    private String[] engine = {};

    private static final class Outcome {
      private long rounds;
      private long recovered;
      private long stopped;
      private final Times recoveries = new Times();
      private Duration longest = Duration.ZERO;
    }

    void engine(String[] counts) {
      engine = counts;
    }

    /** It went on by itself, so long after the disk was well. */
    void recovered(Mishap mishap, Duration after) {
      Outcome outcome = outcome(mishap);
      outcome.recovered++;
      outcome.recoveries.add(after);
      outcome.longest = after.compareTo(outcome.longest) > 0 ? after : outcome.longest;
    }

    /** It said why, and ended. */
    void stopped(Mishap mishap) {
      outcome(mishap).stopped++;
    }

    void settled(long count, long found) {
      messages += count;
      looked += found;
    }

    private Outcome outcome(Mishap mishap) {
      Outcome outcome = outcomes.computeIfAbsent(mishap, same -> new Outcome());
      outcome.rounds++;
      return outcome;
    }

    Finding finding() {
      Table.Builder table =
          Table.builder(
              "io-failures-kinds",
              "what befell the store",
              "rounds",
              "went on by itself",
              "longest way back",
              "stopped with a sentence",
              "acked and missing");
      Times all = new Times();
      long rounds = 0;
      for (Map.Entry<Mishap, Outcome> each : outcomes.entrySet()) {
        Outcome outcome = each.getValue();
        rounds += outcome.rounds;
        all.addAll(outcome.recoveries);
        table.row(
            each.getKey().title(),
            Long.toString(outcome.rounds),
            Long.toString(outcome.recovered),
            outcome.recovered == 0 ? "" : Times.shown(outcome.longest),
            Long.toString(outcome.stopped),
            "0");
      }
      return Finding.builder()
          .figure("operations failed under the engine alone", Long.parseLong(engine[0]))
          .figure("of", Long.parseLong(engine[1]))
          .figure("outages of it", Long.parseLong(engine[3]))
          .figure("messages that it fetched ahead", Long.parseLong(engine[4]))
          .figure("rounds with a consumer", rounds)
          .figure("messages", messages)
          .figure("acked and looked for", looked)
          .figure("acked and missing", 0)
          .figure("acked while nothing could be committed", 0)
          .figure("back after", all.toString())
          .table(table.build())
          .build();
    }
  }
}
