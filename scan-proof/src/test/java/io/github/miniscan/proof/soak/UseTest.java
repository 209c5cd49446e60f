package io.github.miniscan.proof.soak;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.miniscan.bench.harness.ProcessUsage;
import io.github.miniscan.proof.BrokenPromiseException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a process that does nothing, beside files that grow. */
class UseTest {

  private static final int SAMPLES = 30;

  @TempDir private Path directory;

  private Path log;
  private Path collections;
  private Process idle;
  private ProcessUsage usage;
  private Use use;

  @BeforeEach
  void start() throws IOException {
    log = directory.resolve("scans.db-wal");
    collections = directory.resolve("gc.log");
    idle = new ProcessBuilder("sleep", "60").start();
    usage = new ProcessUsage(idle.toHandle());
    assumeTrue(usage.residentBytes().isPresent(), "this machine has no /proc");
    use = new Use(log, collections);
  }

  @AfterEach
  void end() {
    idle.destroyForcibly();
  }

  @Test
  void aLogMayGrowUpToItsLimit() throws IOException {
    for (int i = 0; i < SAMPLES; i++) {
      logOf(30L * i);
      use.sample(usage);
    }

    assertThatCode(use::check).doesNotThrowAnyException();
  }

  @Test
  void aLogBeyondItsLimitIsFoundEvenIfItIsSmallInTheEnd() throws IOException {
    for (int i = 0; i < SAMPLES; i++) {
      logOf(i == 10 ? 901 : 1);
      use.sample(usage);
    }

    assertThatThrownBy(use::check)
        .isInstanceOf(BrokenPromiseException.class)
        .hasMessageContaining("write-ahead log, MB went from 1 to 1, and up to 901");
  }

  @Test
  void aHeapThatGrowsIsFound() throws IOException {
    for (int i = 0; i < SAMPLES; i++) {
      Files.writeString(collections, "GC(7) Pause Young (Normal) 80M->%dM(256M)".formatted(10 + i));
      use.sample(usage);
    }
    assertThatCode(use::check).as("within the tolerance").doesNotThrowAnyException();

    for (int i = 0; i < SAMPLES; i++) {
      Files.writeString(collections, "GC(8) Pause Young (Normal) 80M->%dM(256M)".formatted(70 + i));
      use.sample(usage);
    }
    assertThatThrownBy(use::check)
        .isInstanceOf(BrokenPromiseException.class)
        .hasMessageContaining("heap after a collection, MB");
  }

  @Test
  void fewSamplesSayNothing() throws IOException {
    for (int i = 0; i < 24; i++) {
      logOf(901);
      use.sample(usage);
    }

    assertThatCode(use::check).doesNotThrowAnyException();
  }

  /** Sparse: it takes no space. */
  private void logOf(long megabytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(megabytes << 20);
    }
  }
}
