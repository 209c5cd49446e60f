package io.github.miniscan.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.miniscan.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeededTest {

  private static final Pattern SEED = Pattern.compile("-Dscan\\.seed=(-?\\d+)");

  private final String before = System.getProperty("scan.seed", "");

  @AfterEach
  void restore() {
    if (before.isEmpty()) {
      System.clearProperty("scan.seed");
    } else {
      System.setProperty("scan.seed", before);
    }
  }

  @Test
  void namesTheSeedOfEveryFailureAndRepeatsIt() {
    System.clearProperty("scan.seed");
    List<Long> drawn = new ArrayList<>();
    Throwable failure =
        catchThrowable(
            () ->
                Seeded.run(
                    random -> {
                      drawn.add(random.nextLong());
                      throw new StoreException("the disk is full");
                    }));
    assertThat(failure).isInstanceOf(AssertionError.class).hasMessageContaining("the disk is full");
    Matcher seed = SEED.matcher(failure.getMessage());
    assertThat(seed.find()).isTrue();

    System.setProperty("scan.seed", seed.group(1));
    Seeded.run(random -> assertThat(random.nextLong()).isEqualTo(drawn.get(0)));
  }
}
