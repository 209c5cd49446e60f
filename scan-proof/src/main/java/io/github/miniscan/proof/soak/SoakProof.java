package io.github.miniscan.proof.soak;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.process.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** The real program for half an hour at a steady rate, with a fault every half minute. */
public final class SoakProof implements Proof {

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public String description() {
    return "Nothing that a consumer uses grows with uptime, whatever happens meanwhile.";
  }

  @Override
  public String unit() {
    return "seconds";
  }

  @Override
  public long quickSize() {
    return 6;
  }

  @Override
  public long fullSize() {
    return Duration.ofMinutes(30).toSeconds();
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    Duration wanted = Duration.ofSeconds(effort.size());
    Duration length = wanted.compareTo(effort.limit()) < 0 ? wanted : effort.limit();
    try (Soak soak = new Soak(effort.seed(), length, effort.cliJar(), effort.directory())) {
      soak.run(new Progress(name()));
      return finding(soak, length);
    }
  }

  private static Finding finding(Soak soak, Duration length) {
    Table.Builder use =
        Table.builder(
            "soak-use", "of the first life", "second fifth", "last fifth", "highest", "tolerated");
    for (Use.Of what : Use.Of.values()) {
      use.row(
          what.words(),
          soak.use().atBeginning(what),
          soak.use().atEnd(what),
          soak.use().atMost(what),
          what.tolerated());
    }
    Table.Builder troubles = Table.builder("soak-faults", "what happens", "times");
    soak.troubles().forEach((trouble, times) -> troubles.row(trouble.words(), times.toString()));
    return Finding.builder()
        .figure("minutes", String.format(Locale.ROOT, "%.1f", length.toSeconds() / 60.0))
        .figure("messages", soak.messages())
        .figure("redeliveries", soak.redeliveries())
        .figure("faults", soak.troubles().values().stream().mapToLong(Integer::longValue).sum())
        .figure("lives", soak.lives())
        .figure(
            "minutes of the first life",
            String.format(Locale.ROOT, "%.1f", soak.firstLife().toSeconds() / 60.0))
        .figure("lost", 0)
        .figure("regressed", 0)
        .table(use.build())
        .table(troubles.build())
        .build();
  }
}
