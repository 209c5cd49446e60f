package io.github.miniscan.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.bench.harness.TrafficPortions.Portion;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficPortionsTest {

  private static final TrafficOptions OPTIONS = TrafficOptions.realistic(3).withKeys(50);

  @TempDir Path directory;

  @Test
  void aPortionGoesOnWhereTheOneBeforeEnded() throws IOException {
    List<byte[]> published = new ArrayList<>();
    Path file = directory.resolve("portion");
    try (TrafficPortions portions = new TrafficPortions(OPTIONS, file)) {
      for (int count : new int[] {100, 30}) {
        Portion portion = portions.next(count);
        assertThat(portion.count()).isEqualTo(count);
        for (String line : Files.readAllLines(portion.file())) {
          published.add(Base64.getDecoder().decode(line));
        }
      }
      Oracle whole = Oracle.of(OPTIONS, 130);
      assertThat(portions.oracle().published()).isEqualTo(130);
      assertThat(portions.oracle().records()).isEqualTo(whole.records());
      assertThat(portions.oracle().deadLetters()).isEqualTo(whole.deadLetters());
    }
    TrafficGenerator traffic = new TrafficGenerator(OPTIONS);
    assertThat(published)
        .hasSize(130)
        .allSatisfy(payload -> assertThat(payload).isEqualTo(traffic.next().payload()));
    assertThat(file).doesNotExist();
  }
}
