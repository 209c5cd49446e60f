package io.github.miniscan.sqlite;

import io.github.miniscan.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file at a path and those that SQLite keeps beside it: whether they are still the ones that
 * were open, and whether they have been written since.
 */
final class FileIdentity {

  static final String WAL = "-wal";

  private static final List<String> PARTS = List.of("", WAL, "-shm");

  private final Path path;
  private final Sentences sentences;
  private volatile @Nullable StrayWal strayWal;

  /**
   * Creates the identity of a file.
   *
   * @param path the file, free of symbolic links
   */
  FileIdentity(Path path, Sentences sentences) {
    this.path = path;
    this.sentences = sentences;
  }

  /**
   * A log beside a file that is not its own.
   *
   * @param wal the log
   * @param owner the file that the log belongs to
   */
  private record StrayWal(@Nullable Object wal, @Nullable Object owner) {}

  boolean exists() {
    return Files.exists(path);
  }

  /** Throws when it is a pipe or a device, which SQLite would wait for without end. */
  void checkNoDevice() {
    try {
      if (Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
        throw sentences.noFile();
      }
    } catch (IOException e) {
      // SQLite meets the same failure, and reports it.
    }
  }

  /**
   * Throws when there is no file, or an empty one.
   *
   * @throws StoreException when there is no store
   */
  void checkExists() {
    if (!exists()) {
      throw sentences.missing();
    }
    checkNoDevice();
    if (size() == 0) {
      throw sentences.empty();
    }
  }

  /**
   * Returns what tells the file at the path from any other one; null where there is none, or where
   * the platform does not say (and does not let a file be removed while it is open).
   */
  @Nullable Object now() {
    return of("");
  }

  /** Returns {@link #now}, with the files that SQLite keeps beside it while it is open. */
  List<@Nullable Object> withParts() {
    List<@Nullable Object> identities = new ArrayList<>(PARTS.size());
    for (String part : PARTS) {
      identities.add(of(part));
    }
    return identities;
  }

  private @Nullable Object of(String suffix) {
    try {
      return Files.readAttributes(part(suffix), BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  /** Returns the file of that name beside the file. */
  Path part(String suffix) {
    return suffix.isEmpty() ? path : path.resolveSibling(path.getFileName() + suffix);
  }

  /**
   * Throws when the file is no longer the one that was open, and removes what SQLite kept beside
   * that one, which would ruin the next file.
   *
   * @param opened {@link #withParts} while it was opened
   */
  void checkInPlace(List<@Nullable Object> opened) {
    List<@Nullable Object> now = withParts();
    if (now.equals(opened)) {
      return;
    }
    if (now.get(0) == null) {
      for (int part = 1; part < PARTS.size(); part++) {
        if (now.get(part) != null && now.get(part).equals(opened.get(part))) {
          removeLeftover(PARTS.get(part));
        }
      }
    } else if (!now.get(0).equals(opened.get(0)) && Objects.equals(now.get(1), opened.get(1))) {
      strayWal = new StrayWal(now.get(1), opened.get(0));
    }
    throw sentences.moved();
  }

  private void removeLeftover(String suffix) {
    try {
      Files.deleteIfExists(part(suffix));
    } catch (IOException e) {
      throw sentences.removedBeside(suffix, e);
    }
  }

  /**
   * Throws when the file is no longer the one that it was, while nothing is beside it yet.
   *
   * @param before {@link #now} then
   */
  void checkIs(@Nullable Object before) {
    if (!Objects.equals(now(), before)) {
      throw sentences.moved();
    }
  }

  /** Throws while a log is beside the file that {@link #checkInPlace} found to be another's. */
  void checkNoStrayWal() {
    @Nullable StrayWal stray = strayWal;
    if (stray == null) {
      return;
    }
    boolean isBack = Objects.equals(stray.owner(), now());
    if (!isBack && Objects.equals(stray.wal(), of(WAL))) {
      throw sentences.replacedBesideLog();
    }
    strayWal = null;
  }

  long size() {
    return sizeOf("");
  }

  /** Returns the size of the write-ahead log in bytes; 0 where there is none. */
  long walSize() {
    return sizeOf(WAL);
  }

  /** Returns whether something is beside the file from which SQLite mends it on opening. */
  boolean hasLog() {
    return walSize() > 0 || sizeOf("-journal") > 0;
  }

  private long sizeOf(String suffix) {
    try {
      return Files.size(part(suffix));
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * A state of the file that changes with every write.
   *
   * @param modified the time of the last write
   * @param size the size of the file
   * @param walSize the size of its write-ahead log
   */
  record State(FileTime modified, long size, long walSize) {}

  /**
   * Returns the state of the file.
   *
   * @throws StoreException when there is no file
   */
  State state() {
    try {
      return new State(Files.getLastModifiedTime(path), Files.size(path), walSize());
    } catch (IOException e) {
      throw sentences.missing();
    }
  }
}
