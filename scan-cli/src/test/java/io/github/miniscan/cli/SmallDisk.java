package io.github.miniscan.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk of a few megabytes, in memory: needs to be root on Linux, and skips the test elsewhere.
 */
final class SmallDisk implements AutoCloseable {

  private static final int BLOCK = 4_096;

  private final Path mountPoint;
  private final Path ballast;

  private SmallDisk(Path mountPoint) {
    this.mountPoint = mountPoint;
    this.ballast = mountPoint.resolve("ballast");
  }

  static SmallDisk mount(Path mountPoint, int megabytes) {
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", mountPoint + ""),
        "skipped: this user may not mount a file system");
    return new SmallDisk(mountPoint);
  }

  /** Leaves no room at all. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] block = new byte[BLOCK];
      while (Files.getFileStore(mountPoint).getUsableSpace() > 0) {
        out.write(block);
      }
    }
  }

  void makeRoom() throws IOException {
    Files.delete(ballast);
  }

  @Override
  public void close() throws IOException {
    if (!succeeds("umount", mountPoint.toString())) {
      throw new IOException("can not unmount " + mountPoint);
    }
  }

  private static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .onExit()
              .join()
              .exitValue()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
