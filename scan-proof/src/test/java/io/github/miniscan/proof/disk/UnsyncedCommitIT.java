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
  private static final int SYNCS = 4;

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

  /** It is in the log, and SQLite takes it for a commit: so this is a danger at all. */
  @Test
  void isThereForWhoeverOpensTheFileFirst() throws Exception {
    int found = 0;
    for (long sync = 1; sync <= SYNCS; sync++) {
      WorkerProcess worker = worker();
      SqliteScanStore.open(worker.store()).close();
      killBefore(sync, worker);
      Snapshot recovered = Reopened.read(worker.store());
      found += recovered.equals(before(worker)) ? 0 : 1;
    }
    assertThat(found).as("of %d kills before a sync", SYNCS).isPositive();
  }

  /** SQLite tells others of a commit after its sync. */
  @Test
  void isNotSeenByAConsumerThatHasTheFileOpenAlready() throws Exception {
    for (long sync = 1; sync <= SYNCS; sync++) {
      WorkerProcess worker = worker();
      try (ScanStore other = SqliteScanStore.open(worker.store())) {
        killBefore(sync, worker);
        assertThat(Snapshot.of(other)).as("before sync %d", sync).isEqualTo(before(worker));
      }
    }
  }

  private static void killBefore(long sync, WorkerProcess worker) throws Exception {
    FaultyDisk disk = worker.disk();
    disk.arm(Action.KILL_BEFORE, Set.of(Operation.SYNC), sync);
    assertThat(worker.run(SEED, disk, false)).isFalse();
  }

  /** What was durable when the worker was killed. */
  private static Snapshot before(WorkerProcess worker) throws Exception {
    return Script.of(SEED).statesFrom(List.of()).get(worker.durable());
  }

  private WorkerProcess worker() throws Exception {
    Path place = Files.createTempDirectory(directory, "life");
    return new WorkerProcess(place, library, directory.resolve("native"));
  }
}
