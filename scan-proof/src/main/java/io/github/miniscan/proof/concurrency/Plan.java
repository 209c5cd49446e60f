package io.github.miniscan.proof.concurrency;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What each writer writes, which any process can tell from the seed.
 *
 * <p>Each batch scans all keys of one hot host in the same second and with the same answer, so that
 * whoever sees two answers on one host has seen half a batch. It also has one key and one dead
 * letter that no other batch has, so that there are as many of the one as of the other, and one of
 * each for every batch when all is done.
 *
 * @param seed what it follows from
 * @param writers how many there are
 * @param batches how many each of them writes
 */
record Plan(long seed, int writers, int batches) {

  static final int HOSTS = 3;

  /** No more than a query reads at once. */
  static final int KEYS = 12;

  /** The service of the key that only one batch has. */
  static final String ONCE = "once";

  /** What all dead letters of the plan say. */
  static final String DETAIL = "planned";

  private static final long EPOCH = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
  private static final Instant PUBLISHED = Instant.parse("2026-06-01T00:00:00Z");

  /** A host on which every writer scans the same keys. */
  static IpAddress hotHost(int number) {
    return IpAddress.ofV4(0x0a000001 + number);
  }

  /** The host of the key that only this batch has. */
  static IpAddress ownHost(int writer, int batch) {
    return IpAddress.ofV6(0x20010db800000000L | writer, batch);
  }

  /** The dead letter that only this batch has. */
  static DeadLetter ownLetter(int writer, int batch) {
    String name = writer + "-" + batch;
    byte[] payload = ("rejected " + name).getBytes(StandardCharsets.UTF_8);
    Message message = new Message(name, payload, Map.of(), PUBLISHED);
    return DeadLetter.of(message, Reason.MALFORMED_JSON, DETAIL, PUBLISHED);
  }

  /** All that a batch holds; now and then it is older than what was written before. */
  Batch<ScanRecord> batch(int writer, int batch) {
    Random random = new Random((seed * 31 + writer) * 1_000_003 + batch);
    IpAddress host = hotHost(random.nextInt(HOSTS));
    // Few seconds for many batches: that several of them meet in the last one is the rule.
    long scannedAt = EPOCH + 4L * (batch + random.nextInt(5));
    Response response = Response.ofText("writer " + writer + " batch " + batch);
    List<Decoded<ScanRecord>> records = new ArrayList<>();
    for (int port = 0; port < KEYS; port++) {
      records.add(decoded(new ScanKey(host, port, "hot"), scannedAt, response));
    }
    records.add(decoded(new ScanKey(ownHost(writer, batch), 1, ONCE), scannedAt, response));
    return Batch.of(records, List.of(ownLetter(writer, batch)));
  }

  private static Decoded<ScanRecord> decoded(ScanKey key, long scannedAt, Response response) {
    Message message = new Message("", new byte[0], Map.of(), PUBLISHED);
    return new Decoded<>(message, ScanRecord.ofScan(key, scannedAt, response));
  }

  /** What a store must hold when every batch was written. */
  Oracle oracle() {
    Oracle oracle = new Oracle();
    for (int writer = 0; writer < writers; writer++) {
      for (int number = 0; number < batches; number++) {
        Batch<ScanRecord> batch = batch(writer, number);
        for (Decoded<ScanRecord> decoded : batch.records()) {
          oracle.published(TrafficMessage.becoming(decoded.record(), new byte[0]));
        }
        for (DeadLetter letter : batch.deadLetters()) {
          oracle.published(TrafficMessage.rejectedFor(letter.reason(), letter.message().payload()));
        }
      }
    }
    return oracle;
  }
}
