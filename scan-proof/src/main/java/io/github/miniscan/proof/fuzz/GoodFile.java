package io.github.miniscan.proof.fuzz;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store to damage: the bytes of its files, and what was in it after each commit. */
final class GoodFile {

  private static final int KEYS = 300;
  private static final int COMMITS = 6;
  private static final int RECORDS = 60;
  private static final int LONG_RESPONSE = 12_000;
  private static final Instant TIME = Instant.parse("2026-11-21T00:00:00Z");

  private final byte[] database;
  private final byte @Nullable [] log;
  private final Contents contents;
  private final Set<Contents> earlier;

  private GoodFile(
      byte[] database, byte @Nullable [] log, Contents contents, Set<Contents> earlier) {
    this.database = database;
    this.log = log;
    this.contents = contents;
    this.earlier = earlier;
  }

  /** All that a reader gets. */
  record Contents(List<ScanRecord> records, List<String> letters) {

    static Contents of(ScanStore store) {
      try (Stream<ScanRecord> records = store.find(ScanQuery.all());
          Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
        return new Contents(records.toList(), letters.map(GoodFile::text).toList());
      }
    }
  }

  private static String text(DeadLetter letter) {
    Message message = letter.message();
    return String.join(
        " ",
        letter.id(),
        letter.reason().code(),
        letter.detail(),
        letter.receivedAt().toString(),
        message.attributes().toString(),
        DeadLetter.idOf(message));
  }

  /**
   * Makes one in a directory that it leaves as it was.
   *
   * @param open whether the store is still open, with its latest commits in the log alone
   */
  static GoodFile make(Path directory, boolean open, long seed) throws IOException {
    Path path = directory.resolve("good.db");
    Random random = new Random(seed);
    Set<Contents> earlier = new HashSet<>();
    try (ScanStore store = SqliteScanStore.open(path)) {
      earlier.add(Contents.of(store));
      commit(store, 0, COMMITS / 2, random, earlier);
    }
    Contents contents;
    byte[] database;
    byte[] log;
    try (ScanStore store = SqliteScanStore.open(path)) {
      contents = commit(store, COMMITS / 2, COMMITS, random, earlier);
      database = Files.readAllBytes(path);
      log = Files.readAllBytes(directory.resolve("good.db-wal"));
    }
    byte[] whole = Files.readAllBytes(path);
    Files.delete(path);
    return open
        ? new GoodFile(database, log, contents, earlier)
        : new GoodFile(whole, null, contents, earlier);
  }

  private static Contents commit(
      ScanStore store, int from, int to, Random random, Set<Contents> earlier) {
    for (int commit = from; commit < to; commit++) {
      store.write(batch(commit, random));
      earlier.add(Contents.of(store));
    }
    return Contents.of(store);
  }

  /** Records and dead letters, some of them longer than a page. */
  static Batch<ScanRecord> batch(int number, Random random) {
    List<Decoded<ScanRecord>> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      int key = random.nextInt(KEYS);
      IpAddress ip = key % 3 == 0 ? IpAddress.ofV6(key, key) : IpAddress.ofV4(key / 3);
      byte[] response = new byte[random.nextInt(random.nextInt(30) == 0 ? LONG_RESPONSE : 60)];
      random.nextBytes(response);
      Message message = new Message(number + "-" + i, response, Map.of(), TIME);
      ScanRecord record =
          ScanRecord.ofScan(
              new ScanKey(ip, key % 7, "service " + key % 5),
              TIME.getEpochSecond() + number,
              Response.wrap(response));
      records.add(new Decoded<>(message, record));
    }
    Message message =
        new Message("m" + number, new byte[10 + 900 * number], Map.of("a", "b"), TIME);
    return Batch.of(
        records,
        List.of(
            DeadLetter.of(
                message, Reason.INVALID_DATA, "detail " + number, TIME.plusSeconds(number))));
  }

  byte[] database() {
    return database;
  }

  byte @Nullable [] log() {
    return log;
  }

  Contents contents() {
    return contents;
  }

  /** Whether it held just this after one of its commits. */
  boolean onceHeld(Contents some) {
    return earlier.contains(some);
  }
}
