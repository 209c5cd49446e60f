package io.github.miniscan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchTest {

  private final StringWriter out = new StringWriter();

  private int run(String... args) {
    CommandLine bench = Bench.commandLine();
    bench.setOut(new PrintWriter(out, true));
    bench.setErr(new PrintWriter(out, true));
    return bench.execute(args);
  }

  @Test
  void saysWhatCanBeMeasured() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("parts");
  }

  @Test
  void runsTheBenchmarksThatAPatternNames() {
    assertThat(run("parts", "--brief", "MergeBenchmark")).isZero();
    assertThat(out.toString()).contains("3 benchmarks ran");
  }

  @Test
  void failsWhereAPatternNamesNothing() {
    assertThat(run("parts", "--brief", "NoSuchBenchmark")).isEqualTo(1);
    assertThat(run("parts", "--no-such-option")).isEqualTo(2);
  }
}
