package io.github.miniscan.sqlite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A disk of a few megabytes, in memory: needs to be root on Linux, and skips the test elsewhere.
 */
final class SmallDisk implements AutoCloseable {

  private final Path mountPoint;

  private SmallDisk(Path mountPoint) {
    this.mountPoint = mountPoint;
  }

  static SmallDisk mount(Path mountPoint, int megabytes) {
    assumeTrue(
        succeeds(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "size=" + megabytes + "m",
            "tmpfs",
            mountPoint.toString()),
        "skipped: this user may not mount a file system");
    return new SmallDisk(mountPoint);
  }

  void makeReadOnly() throws IOException {
    if (!succeeds("mount", "-o", "remount,ro", mountPoint.toString())) {
      throw new IOException("can not remount " + mountPoint);
    }
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
