package io.github.miniscan.proof.fuzz;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Nothing that a stranger wrote reaches a person's eyes but as text. */
public final class FuzzOutput implements Proof {

  private static final int LONGEST = 300;
  private static final int SEEDS = 160;

  @Override
  public String name() {
    return "fuzz-output";
  }

  @Override
  public String description() {
    return "Nothing that a stranger wrote reaches a person's eyes but as text.";
  }

  @Override
  public String unit() {
    return "executions";
  }

  @Override
  public long quickSize() {
    return 10_000;
  }

  @Override
  public long fullSize() {
    return 3_000_000;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    Campaign.Result result =
        new Campaign(
                OutputTarget.class,
                "io.github.miniscan.VisibleText:io.github.miniscan.cli.output.*:io.github.miniscan.format.*"
                    + ":io.github.miniscan.cli.options.Logging*",
                LONGEST,
                List.of(effort.cliJar()))
            .run(effort, seeds(effort.seed()));
    Table.Builder outputs = Table.builder(name() + "-kinds", "what was written", "executions");
    result
        .ends()
        .forEach((kind, count) -> outputs.row(kind, String.format(Locale.ROOT, "%,d", count)));
    return Finding.builder()
        .figure("executions", result.executions())
        .figure("branches of the writers taken", result.branches())
        .figure("inputs kept for new branches", result.corpus())
        .figure("control characters that got out", 0)
        .figure("values that did not parse back", 0)
        .figure("formulas", 0)
        .table(outputs.build())
        .build();
  }

  private static List<byte[]> seeds(long seed) {
    Random random = new Random(seed);
    List<byte[]> seeds = new ArrayList<>();
    for (int i = 0; i < SEEDS; i++) {
      byte[] input = new byte[2 + random.nextInt(40)];
      random.nextBytes(input);
      input[0] = (byte) i;
      seeds.add(input);
    }
    return seeds;
  }
}
