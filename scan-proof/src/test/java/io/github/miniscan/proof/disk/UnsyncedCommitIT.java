package io.github.miniscan.proof.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.UnavailableException;
import io.github.miniscan.proof.disk.FaultyDisk.Action;
import io.github.miniscan.proof.disk.FaultyDisk.Operation;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a commit whose writer is killed between its write and its sync. If a consumer
 * took it for durable, it would ack messages that a loss of power takes away.
 */
class UnsyncedCommitIT {

  private static final long SEED = 1;
  private static final int SYNCS = 6;

  @TempDir private Path directory;
  private Path library;

  @BeforeEach
  void buildTheDisk() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    try {
      library = FaultyDisk.build(new Effort(SEED, 1, Duration.ofMinutes(1), directory, root));
    } catch (UnavailableException e) {
      abort("skipped: " + e.getMessage());
    }
  }

  /** SQLite tells others of a commit after its sync, and only who opens the file first recovers. */
  @Test
  void isNotSeenByAConsumerThatHasTheFileOpenAlready() throws Exception {
    List<Long> foundLater = new ArrayList<>();
    for (long sync = 1; sync <= SYNCS; sync++) {
      WorkerProcess worker = worker(sync);
      Script script = Script.of(SEED);
      List<Snapshot> states = script.statesFrom(List.of());
      Snapshot seen;
      int durable;
      try (ScanStore other = SqliteScanStore.open(worker.store())) {
        FaultyDisk disk = worker.disk();
        disk.arm(Action.KILL_BEFORE, Set.of(Operation.SYNC), sync);
        assertThat(worker.run(SEED, disk, false)).isFalse();
        durable = worker.durable();
        seen = Snapshot.of(other);
      }
      Snapshot recovered = Reopened.read(worker.store());

      Snapshot before = states.get(durable);
      Snapshot after = states.get(durable + 1);
      assertThat(seen).as("before sync %d", sync).isEqualTo(before);
      assertThat(recovered).isIn(before, after);
      if (!before.equals(after) && recovered.equals(after)) {
        foundLater.add(sync);
      }
    }
    assertThat(foundLater).as("syncs whose commit is there, not synced, after all").isNotEmpty();
  }

  private WorkerProcess worker(long number) throws Exception {
    Path place = Files.createDirectory(directory.resolve("sync-" + number));
    return new WorkerProcess(place, library, directory.resolve("native"));
  }
}
