package io.github.miniscan.proof.disk;

import io.github.miniscan.proof.disk.FaultyDisk.Action;
import io.github.miniscan.proof.disk.FaultyDisk.Operation;
import java.util.Set;

/** What befalls the store of a consumer. */
enum Mishap {
  WRITE_ONCE("a write fails once (EIO)"),
  WRITE_FOR_A_WHILE("writes fail for a while (EIO)"),
  SYNC_ONCE("a sync fails once (EIO)"),
  SYNC_FOR_A_WHILE("syncs fail for a while (EIO)"),
  ALL_FOR_A_WHILE("nothing works for a while (EIO)"),
  FULL("the disk is full and is freed (ENOSPC)"),
  READ_ONLY("the disk turns read-only for a while (EROFS)"),
  LOCKED("another program holds the lock for a while"),
  LONG_READER("a reader holds the log"),
  KILLED("killed while nothing works (EIO)"),
  REMOVED("the file is removed"),
  COPY("the file is replaced by a copy"),
  FOREIGN("another program's file takes its place for a while"),
  NEWER("a newer version's file takes its place"),
  GIVES_UP("nothing works, with --give-up-after"),
  FAILING_START("started on a disk on which nothing works (EIO)"),
  CLOSED_DIRECTORY("started in a directory that may not be written (EACCES)");

  private final String title;

  Mishap(String title) {
    this.title = title;
  }

  /** For people. */
  String title() {
    return title;
  }

  /** Whether another store has to be taken afterwards. */
  boolean isLast() {
    return compareTo(KILLED) >= 0;
  }

  /** Whether the disk itself makes it, and for how long: until it is told to stop, or once. */
  boolean isOfTheDisk() {
    return compareTo(READ_ONLY) <= 0;
  }

  boolean isOnce() {
    return this == WRITE_ONCE || this == SYNC_ONCE;
  }

  /** What is refused, and why. */
  void befall(FaultyDisk disk, long number) {
    switch (this) {
      case WRITE_ONCE, WRITE_FOR_A_WHILE ->
          disk.fail(Action.FAIL, Set.of(Operation.WRITE), number, !isOnce(), FaultyDisk.EIO);
      case SYNC_ONCE, SYNC_FOR_A_WHILE ->
          disk.fail(Action.FAIL, Set.of(Operation.SYNC), 1, !isOnce(), FaultyDisk.EIO);
      case FULL ->
          disk.fail(
              Action.FAIL_HALFWAY,
              Set.of(Operation.WRITE, Operation.CREATE),
              number,
              true,
              FaultyDisk.ENOSPC);
      case READ_ONLY ->
          disk.fail(
              Action.FAIL,
              Set.of(
                  Operation.OPEN,
                  Operation.CREATE,
                  Operation.WRITE,
                  Operation.TRUNCATE,
                  Operation.UNLINK),
              number,
              true,
              FaultyDisk.EROFS);
      case CLOSED_DIRECTORY ->
          disk.fail(
              Action.FAIL, Set.of(Operation.CREATE, Operation.UNLINK), 1, true, FaultyDisk.EACCES);
      default -> disk.fail(Action.FAIL, Operation.ALL, number, true, FaultyDisk.EIO);
    }
  }
}
