package io.github.miniscan.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void medianIsTheMiddleOfOddAndBetweenTheMiddleOfEven() {
    assertThat(Spread.of(9, 1, 5)).isEqualTo(new Spread(5, 1, 9, 3));
    assertThat(Spread.of(4, 1, 2, 3).median()).isEqualTo(2.5);
    assertThat(Spread.of(7)).isEqualTo(new Spread(7, 7, 7, 1));
  }

  @Test
  void quantilesLieBetweenTheirNeighbours() {
    double[] hundred = new double[101];
    for (int i = 0; i < hundred.length; i++) {
      hundred[i] = i;
    }
    assertThat(Quantiles.of(hundred, 0.99)).isEqualTo(99);
    assertThat(Quantiles.of(new double[] {1, 2}, 0.25)).isEqualTo(1.25);
    assertThat(Quantiles.of(hundred, 0)).isZero();
    assertThat(Quantiles.of(hundred, 1)).isEqualTo(100);
  }

  @Test
  void nothingHasNoMedian() {
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Quantiles.of(new double[] {1}, 1.1))
        .hasMessage("share out of range: 1.1 (0 to 1)");
  }

  @Test
  void ratiosAreTakenWithinARound() {
    Runs runs = new Runs();
    runs.add(run("a", 1, 10, ""));
    runs.add(run("b", 1, 20, ""));
    runs.add(run("b", 2, 10, ""));
    runs.add(run("a", 2, 30, ""));
    Spread ratio = runs.ratio("group", "a", "b", "rate").orElseThrow();
    assertThat(ratio.min()).isEqualTo(0.5);
    assertThat(ratio.max()).isEqualTo(3);
    assertThat(ratio.median()).isCloseTo(1.75, within(1e-9));
  }

  @Test
  void runsWithAFaultCountNowhere() {
    Runs runs = new Runs();
    runs.add(run("a", 1, 10, ""));
    runs.add(run("a", 2, 1_000, "3 differences"));
    runs.add(run("b", 2, 1, ""));
    assertThat(runs.spread("group", "a", "rate")).contains(new Spread(10, 10, 10, 1));
    assertThat(runs.ratio("group", "a", "b", "rate")).isEmpty();
    assertThat(runs.faults("group", "a")).containsExactly("3 differences");
    assertThat(runs.all()).hasSize(3);
  }

  private static Run run(String contestant, int round, double rate, String fault) {
    return new Run("group", contestant, round, Map.of("rate", rate), fault);
  }

  @Test
  void goalsAreMetByTheMedian() {
    assertThat(Goal.atLeast(0.9, "x", spread(0.9)).isMet()).contains(true);
    assertThat(Goal.atLeast(0.9, "x", spread(0.89)).isMet()).contains(false);
    assertThat(Goal.atMost(10, "ms", "x", spread(10.1)).isMet()).contains(false);
    assertThat(Goal.atMost(10, "ms", "x", spread(10)).bound()).isEqualTo("at most 10 ms");
    assertThat(Goal.atLeast(0.9, "x", Optional.empty()).isMet()).isEmpty();
  }

  private static Optional<Spread> spread(double median) {
    return Optional.of(new Spread(median, 0, 100, 3));
  }

  @Test
  void figuresHaveThreeDigits() {
    assertThat(Figures.rounded(0.91234)).isEqualTo("0.912");
    assertThat(Figures.rounded(123_456)).isEqualTo("123,000");
    assertThat(Figures.rounded(12.34)).isEqualTo("12.3");
    assertThat(Figures.cell(Optional.of(new Spread(2, 1, 3, 3)))).isEqualTo("2.0 (1.0–3.0)");
  }
}
