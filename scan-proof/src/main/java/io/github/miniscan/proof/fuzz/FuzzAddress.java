package io.github.miniscan.proof.fuzz;

import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The address parser takes what a reference takes, and writes what it reads back. */
public final class FuzzAddress implements Proof {

  private static final int LONGEST = 64;

  private static final List<String> TEXTS =
      List.of(
          "1.1.1.1",
          "255.255.255.255",
          "256.1.1.1",
          "01.1.1.1",
          "::",
          "::1",
          "1::",
          "2001:db8::1",
          "2001:0DB8:0:0:1:0:0:1",
          "::ffff:1.2.3.4",
          "1:2:3:4:5:6:7:8",
          "1:2:3:4:5:6:7::",
          "1:2:3:4:5:6:1.2.3.4",
          "1::2::3",
          "fe80::1%eth0",
          "[::1]",
          "::/0");

  @Override
  public String name() {
    return "fuzz-address";
  }

  @Override
  public String description() {
    return "The address parser takes what a reference takes, and writes what it reads back.";
  }

  @Override
  public String unit() {
    return "executions";
  }

  @Override
  public long quickSize() {
    return 30_000;
  }

  @Override
  public long fullSize() {
    return 10_000_000;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    Campaign.Result result =
        new Campaign(AddressTarget.class, "io.github.miniscan.IpAddress", LONGEST, List.of())
            .run(effort, seeds(effort.seed()));
    return Finding.builder()
        .figure("executions", result.executions())
        .figure("IPv4 texts", result.ends().getOrDefault("IPv4", 0L))
        .figure("IPv6 texts", result.ends().getOrDefault("IPv6", 0L))
        .figure("addresses from bytes", result.ends().getOrDefault("bytes", 0L))
        .figure("texts that are no address", result.ends().getOrDefault("no address", 0L))
        .figure("branches of the parser taken", result.branches())
        .figure("inputs kept for new branches", result.corpus())
        .figure("differences", 0)
        .build();
  }

  private static List<byte[]> seeds(long seed) {
    List<byte[]> seeds = new ArrayList<>();
    Random random = new Random(seed);
    for (String text : TEXTS) {
      seeds.add(("\0" + text).getBytes(StandardCharsets.UTF_8));
      seeds.add(AddressTarget.spelling(text));
      byte[] bytes = new byte[17];
      random.nextBytes(bytes);
      seeds.add(bytes);
    }
    return seeds;
  }
}
