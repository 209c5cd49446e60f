package io.github.miniscan.proof.disk;

import io.github.miniscan.Message;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.IngestListener;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.disk.FaultyDisk.Action;
import io.github.miniscan.proof.disk.FaultyDisk.Operation;
import io.github.miniscan.sqlite.SqliteOptions;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.sqlite.start.NativeLibrary;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.OracleReport;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;

/**
 * A process in which the engine takes messages from memory into a store, again and again, each time
 * with another thing that fails: every one that it asks of its disk, in each way. While a batch is
 * written, the next one is decoded ahead. Each time all must be acked in the end, and be in the
 * store. Tells the counts in a line, or what was broken.
 */
final class EngineWorker {

  /** After so many failures in a row the disk is well again. */
  private static final int RELIEF = 3;

  /** More than this after the relief is a store that does not come back. */
  private static final int NEVER_BACK = 30;

  private static final int MESSAGES = 40;
  private static final int BATCH = 8;
  private static final SqliteOptions OPTIONS =
      SqliteOptions.defaults()
          .withOpenWithin(Duration.ofMillis(200))
          .withLockWait(Duration.ofMillis(50));

  private final Path directory;
  private final FaultyDisk disk;
  private final List<TrafficMessage> messages = new ArrayList<>();
  private final Oracle oracle = new Oracle();

  private EngineWorker(long seed, Path directory) throws IOException {
    this.directory = directory;
    this.disk = FaultyDisk.underThisProcess();
    TrafficGenerator traffic = new TrafficGenerator(TrafficOptions.nasty(seed).withKeys(40));
    for (int i = 0; i < MESSAGES; i++) {
      TrafficMessage message = traffic.next();
      messages.add(message);
      oracle.published(message);
    }
  }

  /** How things fail. */
  enum Way {
    IO_ERROR_ONCE(Action.FAIL, false, FaultyDisk.EIO),
    IO_ERROR_UNTIL_MENDED(Action.FAIL, true, FaultyDisk.EIO),
    FULL_ONCE(Action.FAIL_HALFWAY, false, FaultyDisk.ENOSPC),
    FULL_UNTIL_FREED(Action.FAIL_HALFWAY, true, FaultyDisk.ENOSPC),
    READ_ONLY_UNTIL_MENDED(Action.FAIL, true, FaultyDisk.EROFS);

    private final Action action;
    private final boolean forEver;
    private final int error;

    Way(Action action, boolean forEver, int error) {
      this.action = action;
      this.forEver = forEver;
      this.error = error;
    }

    /** A full disk can still be read, and cut. */
    private Set<Operation> operations() {
      return switch (this) {
        case IO_ERROR_ONCE, IO_ERROR_UNTIL_MENDED -> Operation.ALL;
        case FULL_ONCE, FULL_UNTIL_FREED ->
            EnumSet.of(Operation.CREATE, Operation.WRITE, Operation.SYNC);
        case READ_ONLY_UNTIL_MENDED -> {
          Set<Operation> changes = EnumSet.copyOf(Operation.CHANGES);
          changes.add(Operation.OPEN);
          changes.remove(Operation.SYNC);
          yield changes;
        }
      };
    }
  }

  /**
   * What fails.
   *
   * @param number of the operation, counted from 1
   */
  private record Point(Way way, long number) {}

  /** Takes the seed, how many points to try at most, and where to put stores and SQLite. */
  public static void main(String[] args) throws IOException, InterruptedException {
    long seed = Long.parseLong(args[0]);
    int limit = Integer.parseInt(args[1]);
    NativeLibrary.keepIn(Path.of(args[3]));
    EngineWorker worker = new EngineWorker(seed, Path.of(args[2]));
    try {
      System.out.println(worker.tryAll(seed, limit));
    } catch (BrokenPromiseException e) {
      System.out.println("BROKEN " + e.getMessage());
    }
  }

  private String tryAll(long seed, int limit) throws IOException, InterruptedException {
    List<Point> points = new ArrayList<>();
    for (Way way : Way.values()) {
      disk.fail(way.action, way.operations(), Long.MAX_VALUE, true, way.error);
      Run whole = new Run();
      whole.go();
      for (long number = 1; number <= whole.asked; number++) {
        points.add(new Point(way, number));
      }
    }
    Collections.shuffle(points, new Random(seed));
    long hits = 0;
    long outages = 0;
    long fetchedAhead = 0;
    List<Point> chosen = points.subList(0, Math.min(limit, points.size()));
    for (Point point : chosen) {
      Way way = point.way();
      disk.fail(way.action, way.operations(), point.number(), way.forEver, way.error);
      try {
        Run run = new Run();
        run.go();
        outages += run.outages;
        fetchedAhead += run.source.fetchedAhead;
        hits += disk.hits() > 0 ? 1 : 0;
      } catch (BrokenPromiseException e) {
        throw new BrokenPromiseException(
            "%s at operation %d: %s".formatted(way, point.number(), e.getMessage()), e);
      }
    }
    if (fetchedAhead == 0) {
      throw new IllegalStateException("no message was fetched while a batch was written");
    }
    return "%d %d %d %d %d".formatted(chosen.size(), points.size(), hits, outages, fetchedAhead);
  }

  /** From an empty place to a store that holds everything. */
  private final class Run implements IngestListener {
    private final Path file = directory.resolve("engine.db");
    private final Source source = new Source();
    private int failures;
    private int failuresAfterRelief;
    private boolean relieved;
    private long outages;
    private long asked;

    void go() throws IOException, InterruptedException {
      try (ScanStore store = open()) {
        JsonScanDecoder decoder = new JsonScanDecoder(Duration.ofHours(24), InstantSource.system());
        IngestOptions options =
            IngestOptions.defaults()
                .withMaxBatch(BATCH)
                .withMaxDeliveries(MESSAGES)
                .withDecodeAheadFrom(1)
                .withRetryWaits(Duration.ofMillis(1), Duration.ofMillis(4));
        IngestEngine.builder(source, decoder, store)
            .options(options)
            .decodeIn(ForkJoinPool.commonPool())
            .listener(this)
            .withoutLogging()
            .build()
            .run();
      }
      asked = disk.count();
      disk.relieve();
      check();
      for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
        Files.deleteIfExists(Path.of(file + suffix));
      }
    }

    /** As somebody would who starts the program again. */
    private ScanStore open() {
      while (true) {
        try {
          return SqliteScanStore.open(file, OPTIONS);
        } catch (StoreException e) {
          failed(e);
        }
      }
    }

    @Override
    public void storeDown(StoreDown event) {
      failed(event.failure());
    }

    @Override
    public void storeUp(StoreUp event) {
      failures = 0;
      outages++;
    }

    @Override
    public void batchSettled(BatchSettled event) {
      failures = 0;
    }

    private void failed(Exception failure) {
      if (!(failure instanceof StoreException)
          || !String.valueOf(failure.getMessage()).contains(file.toString())) {
        throw new BrokenPromiseException("not a sentence about the file: " + failure, failure);
      }
      failures++;
      if (failures >= RELIEF) {
        disk.relieve();
        relieved = true;
      }
      failuresAfterRelief += relieved ? 1 : 0;
      if (failuresAfterRelief > NEVER_BACK) {
        throw new BrokenPromiseException(
            "the disk is well, and the store does not come back: " + failure.getMessage(), failure);
      }
    }

    private void check() {
      if (source.acked != MESSAGES) {
        throw new BrokenPromiseException(
            "the engine ended with %d of %d acked".formatted(source.acked, MESSAGES));
      }
      Reopened.read(file);
      try (ScanStore store = SqliteScanStore.openReadOnly(file)) {
        OracleReport report = oracle.check(store, store);
        if (!report.agrees()) {
          throw new BrokenPromiseException("all was acked, and the store differs: " + report);
        }
      }
    }
  }

  /** All messages, one after the other. For the engine's thread alone. */
  private final class Source implements MessageSource {
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private int received;
    private int fetchedAhead;
    private int acked;

    Source() {
      for (TrafficMessage message : messages) {
        String id = Integer.toString(waiting.size());
        waiting.add(new Message(id, message.payload(), Map.of(), Instant.now()));
      }
    }

    @Override
    public List<Delivery> receive(int maxDeliveries, Duration maxWait) {
      List<Delivery> deliveries = new ArrayList<>();
      while (deliveries.size() < maxDeliveries && !waiting.isEmpty()) {
        deliveries.add(new Once(waiting.remove()));
      }
      fetchedAhead += received > acked ? deliveries.size() : 0;
      received += deliveries.size();
      return deliveries;
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}

    private final class Once implements Delivery {
      private final Message message;

      Once(Message message) {
        this.message = message;
      }

      @Override
      public Message message() {
        return message;
      }

      @Override
      public int attempt() {
        return 1;
      }

      @Override
      public void ack() {
        acked++;
      }

      /** Then it is not acked, which shows in the end. */
      @Override
      public void nack() {}
    }
  }
}
