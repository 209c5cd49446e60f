package io.github.miniscan.proof.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.miniscan.VisibleText;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The decoder gives the same verdict as a reference decoder, whatever it is given. */
public final class FuzzDecoder implements Proof {

  private static final int LONGEST = 512;
  private static final int TRAFFIC = 200;
  private static final int RECIPES = 200;

  @Override
  public String name() {
    return "fuzz-decoder";
  }

  @Override
  public String description() {
    return "The decoder gives the verdict of a reference decoder, whatever it is given.";
  }

  @Override
  public String unit() {
    return "executions";
  }

  @Override
  public long quickSize() {
    return 20_000;
  }

  @Override
  public long fullSize() {
    return 10_000_000;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    List<byte[]> seeds = seeds(effort);
    for (byte[] seed : seeds) {
      if (seed.length == 0 || seed[0] != DecoderTarget.RECIPE) {
        check(seed);
      }
    }
    Campaign.Result result =
        new Campaign(
                DecoderTarget.class,
                "io.github.miniscan.decode.**:io.github.miniscan.*",
                LONGEST,
                List.of())
            .run(effort, seeds);
    Table.Builder verdicts = Table.builder(name() + "-verdicts", "verdict of both", "executions");
    result
        .ends()
        .forEach((end, count) -> verdicts.row(end, String.format(Locale.ROOT, "%,d", count)));
    return Finding.builder()
        .figure("executions", result.executions())
        .figure("records", result.ends().getOrDefault("record", 0L))
        .figure("branches of the decoder taken", result.branches())
        .figure("inputs kept for new branches", result.corpus())
        .figure("differences", 0)
        .table(verdicts.build())
        .build();
  }

  private static void check(byte[] payload) {
    try {
      DecoderTarget.check(payload);
    } catch (AssertionError e) {
      throw new BrokenPromiseException(VisibleText.of(String.valueOf(e.getMessage())), e);
    }
  }

  /** The cases of the rules, nasty traffic, and recipes. */
  private static List<byte[]> seeds(Effort effort) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    Path cases =
        effort
            .root()
            .resolve("scan-core/src/test/resources/io/github/miniscan/decode/decode.jsonl");
    try (MappingIterator<JsonNode> lines =
        new ObjectMapper().readerFor(JsonNode.class).readValues(cases.toFile())) {
      while (lines.hasNext()) {
        seeds.add(lines.next().path("payload_base64").binaryValue());
      }
    }
    TrafficGenerator traffic = new TrafficGenerator(TrafficOptions.nasty(effort.seed()));
    for (int i = 0; i < TRAFFIC; i++) {
      seeds.add(traffic.next().payload());
    }
    Random random = new Random(effort.seed());
    for (int i = 0; i < RECIPES; i++) {
      byte[] recipe = new byte[40 + random.nextInt(60)];
      random.nextBytes(recipe);
      recipe[0] = DecoderTarget.RECIPE;
      seeds.add(recipe);
    }
    return seeds;
  }
}
