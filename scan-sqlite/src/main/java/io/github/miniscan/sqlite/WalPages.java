package io.github.miniscan.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.BitSet;

/**
 * The pages in a write-ahead log, by the headers of its frames (see "WAL-mode File Format"). SQLite
 * takes no locks on the log, so reading it here disturbs no connection.
 */
final class WalPages {

  private static final int HEADER_BYTES = 32;
  private static final int PAGE_SIZE_IN_HEADER = 8;
  private static final int SALT_IN_HEADER = 16;

  private static final int FRAME_HEADER_BYTES = 24;
  private static final int DATABASE_PAGES_IN_FRAME = 4;
  private static final int SALT_IN_FRAME = 8;

  /** SQLite locks a byte in this page, and never writes the page. */
  private static final int LOCK_BYTE = 1 << 30;

  private final FileChannel log;
  private final int pageSize;
  private final long salt;

  private WalPages(FileChannel log) throws IOException {
    this.log = log;
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    log.read(header, 0);
    this.pageSize = header.getInt(PAGE_SIZE_IN_HEADER);
    this.salt = header.getLong(SALT_IN_HEADER);
  }

  /**
   * Returns whether each page of a database is in its file or in its log, while no other connection
   * writes. A page that is in neither was in a file that another one has replaced.
   *
   * @param frames the number of frames in the log up to the last commit
   */
  static boolean cover(FileIdentity file, int frames) throws IOException {
    if (frames <= 0) {
      return true;
    }
    try (FileChannel log = FileChannel.open(file.part(FileIdentity.WAL))) {
      return new WalPages(log).cover(frames, file);
    }
  }

  private boolean cover(int frames, FileIdentity file) throws IOException {
    ByteBuffer lastCommit = frame(frames - 1);
    int pages = lastCommit.getInt(DATABASE_PAGES_IN_FRAME);
    if (lastCommit.getLong(SALT_IN_FRAME) != salt || file.size() / pageSize >= pages) {
      return true;
    }
    BitSet missing = new BitSet();
    missing.set(1, pages + 1);
    missing.clear(LOCK_BYTE / pageSize + 1);
    for (int i = 0; i < frames; i++) {
      missing.clear(frame(i).getInt(0) & Integer.MAX_VALUE);
    }
    // The size comes last, since a checkpoint may be under way.
    missing.clear(0, (int) (file.size() / pageSize) + 1);
    return missing.isEmpty();
  }

  private ByteBuffer frame(int number) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER_BYTES);
    log.read(frame, HEADER_BYTES + (long) number * (FRAME_HEADER_BYTES + pageSize));
    return frame;
  }
}
