package io.github.miniscan.proof.fuzz;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteOptions;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that opens, reads and writes damaged stores, one after the other: the native library
 * would take the JVM with it. It tells on standard output which one it begins with, and what is
 * broken.
 */
final class DamagedFiles {

  static final String BEGUN = "begun ";
  static final String BROKEN = "broken ";

  /** Far longer than any of these small files takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final SqliteOptions OPTIONS =
      SqliteOptions.defaults()
          .withOpenWithin(Duration.ofSeconds(1))
          .withLockWait(Duration.ofSeconds(1));

  private static final Tally TALLY = Tally.ofThisProcess();

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final Path directory;
  private final long seed;
  private final GoodFile closed;
  private final GoodFile open;
  private volatile long begunAt = System.nanoTime();

  private DamagedFiles(Path directory, long seed) throws IOException {
    this.directory = directory;
    this.seed = seed;
    this.closed = GoodFile.make(directory, false, seed);
    this.open = GoodFile.make(directory, true, seed);
  }

  /**
   * Arguments: a directory, the seed, the first case, how many, and after how many seconds to end.
   */
  public static void main(String[] args) throws IOException {
    DamagedFiles files = new DamagedFiles(Path.of(args[0]), Long.parseLong(args[1]));
    long from = Long.parseLong(args[2]);
    long to = from + Long.parseLong(args[3]);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[4]));
    files.watch();
    for (long number = from; number < to && System.nanoTime() - deadline < 0; number++) {
      files.out.println(BEGUN + number);
      files.begunAt = System.nanoTime();
      files.tryOne(number);
    }
    System.exit(0);
  }

  private void watch() {
    Thread watched = Thread.currentThread();
    Thread watch =
        new Thread(
            () -> {
              while (System.nanoTime() - begunAt < PATIENCE.toNanos()) {
                try {
                  Thread.sleep(500);
                } catch (InterruptedException e) {
                  return;
                }
              }
              out.println(
                  BROKEN
                      + "no end after "
                      + PATIENCE.toSeconds()
                      + " s, at "
                      + Arrays.toString(watched.getStackTrace()));
              Runtime.getRuntime().halt(3);
            });
    watch.setDaemon(true);
    watch.start();
  }

  private void tryOne(long number) throws IOException {
    Random random = new Random(seed * 1_000_003 + number);
    Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
    GoodFile good = random.nextInt(3) == 0 ? open : closed;
    byte @Nullable [] log = good.log();
    boolean inLog = log != null && random.nextInt(4) != 0;
    byte[] database = inLog ? good.database() : damage.to(good.database(), random);
    log = inLog && log != null ? damage.to(log, random) : log;
    String what = damage + (inLog ? " of the log" : " of the file");
    Path path = directory.resolve("scans.db");
    lay(path, database, log);
    try {
      String read = read(path, good);
      TALLY.count(read);
      if (number % 4 == 0) {
        lay(path, database, log);
        TALLY.count(write(path, random));
      }
    } catch (AssertionError | RuntimeException | StackOverflowError e) {
      out.println(BROKEN + what + ": " + e);
      e.printStackTrace();
      System.exit(2);
    }
  }

  private static void lay(Path path, byte[] database, byte @Nullable [] log) throws IOException {
    Path wal = path.resolveSibling(path.getFileName() + "-wal");
    Files.deleteIfExists(wal);
    Files.deleteIfExists(path.resolveSibling(path.getFileName() + "-shm"));
    Files.deleteIfExists(path);
    Files.write(path, database);
    if (log != null) {
      Files.write(wal, log);
    }
  }

  private static String read(Path path, GoodFile good) {
    GoodFile.Contents seen;
    try (ScanStore store = SqliteScanStore.openReadOnly(path, OPTIONS)) {
      seen = GoodFile.Contents.of(store);
    } catch (StoreException e) {
      requireSentence(e);
      return "read: refused";
    }
    if (seen.equals(good.contents())) {
      return "read: nothing missing";
    }
    if (good.onceHeld(seen)) {
      return "read: as of an earlier commit";
    }
    return findsDamage(path)
        ? "read: other rows, as integrity_check sees"
        : "read: other values, as nothing sees";
  }

  /** What a writer does: it fails in a sentence, or what it wrote is there. */
  private static String write(Path path, Random random) {
    try (ScanStore store = SqliteScanStore.open(path, OPTIONS)) {
      store.write(GoodFile.batch(99, random));
      IpAddress ip = IpAddress.parse("255.255.255.255");
      ScanRecord record = ScanRecord.ofScan(new ScanKey(ip, 1, "new"), 1, Response.ofText("new"));
      store.write(
          Batch.of(
              List.of(new Decoded<>(new Message("", new byte[0], Map.of(), null), record)),
              List.of()));
      GoodFile.Contents.of(store);
      return "write: done";
    } catch (StoreException e) {
      requireSentence(e);
      return "write: refused";
    }
  }

  private static void requireSentence(StoreException e) {
    String message = String.valueOf(e.getMessage());
    Harmless.requireLine(message);
    if (!message.contains("scans.db") || !message.contains(":") && !message.contains(" is ")) {
      throw new AssertionError("not a sentence that names the file: " + message);
    }
  }

  private static boolean findsDamage(Path path) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
      return !rows.next() || !"ok".equals(rows.getString(1));
    } catch (SQLException e) {
      return true;
    }
  }
}
