package io.github.miniscan.proof.concurrency;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.process.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Eight writers and eight readers on one file lose nothing, see whole batches, and no errors. */
public final class ConcurrencyProof implements Proof {

  private static final int BATCHES = 30;

  @Override
  public String name() {
    return "concurrency";
  }

  @Override
  public String description() {
    return "Eight writers and eight readers on one file: no lost update, no half batch, no error.";
  }

  @Override
  public String unit() {
    return "rounds";
  }

  @Override
  public long quickSize() {
    return 2;
  }

  @Override
  public long fullSize() {
    return 200;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    Effort.Deadline deadline = effort.start();
    Progress progress = new Progress(name());
    Map<Round.Kind, Long> rounds = new EnumMap<>(Round.Kind.class);
    PlannedWriter.Written written = PlannedWriter.Written.NOTHING;
    long reads = 0;
    long snapshots = 0;
    for (long number = 0; number < effort.size() && !deadline.isOver(); number++) {
      Round.Kind kind = Round.Kind.values()[(int) (number % Round.Kind.values().length)];
      Path directory = Files.createDirectory(effort.directory().resolve("round-" + number));
      Round.Done done;
      try {
        done = Round.run(kind, effort.seed() + number, BATCHES, directory, effort.cliJar());
      } catch (BrokenPromiseException e) {
        throw new BrokenPromiseException(
            "round %d, %s: %s (processes race: try again, or with more rounds)"
                .formatted(number, words(kind), e.getMessage()),
            e);
      }
      rounds.merge(kind, 1L, Long::sum);
      written = written.and(done.written());
      reads += done.reads();
      snapshots += done.snapshots();
      long over = number + 1;
      progress.tell(() -> "%,d of %,d rounds".formatted(over, effort.size()));
    }
    Table.Builder kinds = Table.builder(name() + "-rounds", "who writes and reads", "rounds");
    rounds.forEach(
        (kind, count) -> kinds.row(words(kind), String.format(Locale.ROOT, "%,d", count)));
    return Finding.builder()
        .figure("rounds", rounds.values().stream().mapToLong(Long::longValue).sum())
        .figure("batches", written.batches())
        .figure("records", written.rows())
        .figure("reads", reads)
        .figure("snapshots held and checkpoints made meanwhile", snapshots)
        .figure("longest until a batch was durable", written.longestNanos() / 1_000_000 + " ms")
        .figure("batches that found the file locked and were tried again", written.retries())
        .figure("lost", 0)
        .figure("half seen", 0)
        .figure("errors", 0)
        .table(kinds.build())
        .build();
  }

  private static String words(Round.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
