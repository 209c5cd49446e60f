package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one file, and the sudden end of one. */
class SqliteProcessesIT {

  @TempDir Path directory;

  @Test
  void twoWritersAndAReaderShareOneFile() throws Exception {
    Path path = directory.resolve("scans.db");
    try (WriterProcess one = WriterProcess.start(path, 0, 200);
        WriterProcess two = WriterProcess.start(path, 200, 400)) {
      assertThat(one.nextDurable()).isZero();
      try (ScanStore reader = SqliteScanStore.openReadOnly(path)) {
        int before = 0;
        while (one.isAlive() || two.isAlive()) {
          int letters = letterIds(reader).size();
          assertThat(letters).isGreaterThanOrEqualTo(before);
          assertThat(records(reader))
              .extracting(ScanRecord::key)
              .isSorted()
              .doesNotHaveDuplicates();
          before = letters;
        }
      }
      assertThat(one.join()).isZero();
      assertThat(two.join()).isZero();
    }
    try (ScanStore store = SqliteScanStore.open(path)) {
      assertThat(records(store)).isEqualTo(expected(400));
      assertThat(letterIds(store)).isEqualTo(expectedLetterIds(400));
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(Files::isRegularFile)).containsExactly(path);
    }
  }

  @Test
  void keepsWhatAWriterHadSaidToBeDurableWhenItIsKilled() throws Exception {
    Path path = directory.resolve("scans.db");
    int durable = 0;
    for (int kill = 1; kill <= 4; kill++) {
      try (WriterProcess writer = WriterProcess.start(path, durable, 10_000)) {
        for (int i = 0; i < 10 * kill; i++) {
          durable = writer.nextDurable() + 1;
        }
      }
      try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
        List<String> letters = letterIds(store);
        assertThat(letters).startsWith(expectedLetterIds(durable).toArray(String[]::new));
        assertThat(records(store)).as("whole batches").isEqualTo(expected(letters.size()));
        durable = letters.size();
      }
    }
  }

  private static List<ScanRecord> records(ScanStore store) {
    try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      return records.toList();
    }
  }

  private static List<String> letterIds(ScanStore store) {
    try (Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return letters.map(DeadLetter::id).toList();
    }
  }

  private static List<ScanRecord> expected(int batches) {
    TreeMap<ScanKey, ScanRecord> folded = new TreeMap<>();
    for (int number = 0; number < batches; number++) {
      for (Decoded<ScanRecord> decoded : WriterProcess.batch(number).records()) {
        folded.merge(decoded.record().key(), decoded.record(), ScanRecord::merge);
      }
    }
    return List.copyOf(folded.values());
  }

  private static List<String> expectedLetterIds(int batches) {
    return IntStream.range(0, batches)
        .mapToObj(number -> WriterProcess.batch(number).deadLetters().get(0).id())
        .toList();
  }
}
