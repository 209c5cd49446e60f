package io.github.miniscan.proof.disk;

import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;

/**
 * What lies under one process between it and its disk, and does to its files what it is told, while
 * the process runs. The process has to be started with its {@link #environment}.
 */
final class FaultyDisk {

  static final int EIO = 5;
  static final int EACCES = 13;
  static final int ENOSPC = 28;
  static final int EROFS = 30;

  /** Without end, until it is {@link #relieve relieved}. */
  static final long FOR_EVER = Long.MAX_VALUE;

  private static final int ACTION = 0;
  private static final int OPERATIONS = 8;
  private static final int FROM = 16;
  private static final int TO = 24;
  private static final int ERROR = 32;
  private static final int COUNT = 40;
  private static final int HITS = 48;
  private static final int BYTES = 56;

  private final Path library;
  private final Path prefix;
  private final Path controlFile;
  private final ByteBuffer control;

  private FaultyDisk(Path library, Path prefix, Path controlFile, ByteBuffer control) {
    this.library = library;
    this.prefix = prefix;
    this.controlFile = controlFile;
    this.control = control;
  }

  /** What a process does to a file. The numbers are those of {@code faultydisk.c}. */
  enum Operation {
    OPEN(1),
    CREATE(2),
    WRITE(4),
    SYNC(8),
    TRUNCATE(16),
    UNLINK(32),
    MAP(64),
    READ(128),
    MARK(256);

    /** All that change what is on the disk. */
    static final Set<Operation> CHANGES = Set.of(CREATE, WRITE, SYNC, TRUNCATE, UNLINK);

    /** All that a process asks of a disk. */
    static final Set<Operation> ALL =
        Set.of(OPEN, CREATE, WRITE, SYNC, TRUNCATE, UNLINK, MAP, READ);

    private final int number;

    Operation(int number) {
      this.number = number;
    }

    static Operation of(long number) {
      for (Operation operation : values()) {
        if (operation.number == number) {
          return operation;
        }
      }
      throw new IllegalArgumentException("no such operation: " + number);
    }
  }

  /** What happens to it. The ordinals are those of {@code faultydisk.c}. */
  enum Action {
    NOTHING,
    KILL_BEFORE,
    /** After half of a write, and after the whole of anything else. */
    KILL_HALFWAY,
    FAIL,
    /** A write fails after its first half, anything else at once. */
    FAIL_HALFWAY
  }

  /**
   * Builds the library, once for each proof.
   *
   * @throws UnavailableException where there is no compiler, or no Linux
   */
  static Path build(Effort effort) throws IOException, InterruptedException {
    if (!System.getProperty("os.name").equals("Linux")) {
      throw new UnavailableException("faults of the disk are made on Linux alone");
    }
    Path library = effort.directory().resolve("faultydisk.so");
    Path source = effort.root().resolve("scan-proof/src/main/c/faultydisk.c");
    ProcessBuilder compiler =
        new ProcessBuilder(
            "cc", "-shared", "-fPIC", "-O1", "-o", library + "", source + "", "-ldl", "-lpthread");
    Process process;
    try {
      process = compiler.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UnavailableException("no C compiler: install gcc, so that there is a cc in PATH");
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new UnavailableException("cc can not build " + source + ": " + said);
    }
    return library;
  }

  /**
   * A disk that does nothing yet.
   *
   * @param library as {@link #build} made it
   * @param prefix it acts on the files whose paths begin so
   * @param controlFile to be made anew
   */
  static FaultyDisk under(Path library, Path prefix, Path controlFile) throws IOException {
    Files.write(controlFile, new byte[BYTES]);
    return new FaultyDisk(library, prefix, controlFile, map(controlFile));
  }

  /** The disk under this very process, as its environment has it. */
  static FaultyDisk underThisProcess() throws IOException {
    Path controlFile = Path.of(variable("SCAN_DISK_CONTROL"));
    return new FaultyDisk(
        Path.of(variable("LD_PRELOAD")),
        Path.of(variable("SCAN_DISK_PATH")),
        controlFile,
        map(controlFile));
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException("started without a disk that fails: no " + name);
    }
    return value;
  }

  private static ByteBuffer map(Path controlFile) throws IOException {
    try (FileChannel channel =
        FileChannel.open(controlFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(MapMode.READ_WRITE, 0, BYTES).order(ByteOrder.nativeOrder());
    }
  }

  /** For the process. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "SCAN_DISK_PATH", prefix.toString(),
        "SCAN_DISK_CONTROL", controlFile.toString());
  }

  /** Does this to one operation, the number so many from now on, counted from 1. */
  void arm(Action action, Set<Operation> operations, long number) {
    arm(action, operations, number, number, 0);
  }

  /** Makes one operation fail, the number so many from now on, or all from that one on. */
  void fail(Action action, Set<Operation> operations, long number, boolean forEver, int error) {
    arm(action, operations, number, forEver ? FOR_EVER : number, error);
  }

  private void arm(Action action, Set<Operation> operations, long from, long to, int error) {
    relieve();
    int mask = operations.stream().mapToInt(operation -> operation.number).sum();
    control.putLong(COUNT, 0).putLong(HITS, 0);
    control.putLong(FROM, from).putLong(TO, to).putLong(ERROR, error);
    control.putLong(OPERATIONS, mask);
    control.putLong(ACTION, action.ordinal());
  }

  /** From now on all is well. */
  void relieve() {
    control.putLong(ACTION, Action.NOTHING.ordinal());
  }

  /** How many of the operations were seen since they are counted. */
  long count() {
    return control.getLong(COUNT);
  }

  /** How many of them suffered. */
  long hits() {
    return control.getLong(HITS);
  }
}
