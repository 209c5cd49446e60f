package io.github.miniscan.bench.harness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How long the disk takes to make a small append durable. */
final class DiskSync {

  private static final int SYNCS = 200;
  private static final int APPEND_BYTES = 16 << 10;

  private DiskSync() {}

  /** Milliseconds of each of some syncs, one after the other, in a directory. */
  static double[] millis(Path directory) throws IOException {
    double[] millis = new double[SYNCS];
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("sync.tmp"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      ByteBuffer append = ByteBuffer.allocateDirect(APPEND_BYTES);
      for (int i = 0; i < SYNCS; i++) {
        append.clear();
        file.write(append);
        long start = System.nanoTime();
        file.force(false);
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    return millis;
  }
}
