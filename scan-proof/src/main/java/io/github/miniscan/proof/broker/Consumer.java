package io.github.miniscan.proof.broker;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.pubsub.PubSubOptions;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.WriteResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * The engine with its real source and its real store, in this process. It decodes ahead beside each
 * batch.
 */
final class Consumer implements AutoCloseable {

  private static final long BUDGET_BYTES = 32 << 20;
  private static final Duration CONNECT_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration MAX_SKEW = Duration.ofHours(24);

  private final ScanStore store;
  private final MessageSource source;
  private final IngestEngine<ScanRecord> engine;
  private final Thread thread;
  private boolean stalled;
  private volatile @Nullable Throwable failure;

  private Consumer(ScanStore store, MessageSource source) {
    this.store = store;
    this.source = source;
    engine =
        IngestEngine.builder(
                source, new JsonScanDecoder(MAX_SKEW, InstantSource.system()), this::write)
            .options(IngestOptions.defaults().withDecodeAheadFrom(1))
            .decodeIn(ForkJoinPool.commonPool())
            .build();
    thread = new Thread(this::run, "consumer");
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts one before the kit's subscription of this server. */
  static Consumer start(String server, PullMode pullMode, Pace pace, Path file)
      throws InterruptedException {
    ScanStore store = SqliteScanStore.open(file);
    try {
      return new Consumer(
          store,
          pace.open(
              PubSubServer.emulator(server).withConnectTimeout(CONNECT_TIMEOUT),
              PubSubOptions.of(PubSubEmulator.KIT_PROJECT, PubSubEmulator.KIT_SUBSCRIPTION)
                  .withPullMode(pullMode),
              ByteBudget.ofBytes(BUDGET_BYTES)));
    } catch (RuntimeException | InterruptedException e) {
      store.close();
      throw e;
    }
  }

  private void run() {
    try {
      engine.run();
    } catch (RuntimeException | Error | InterruptedException e) {
      failure = e;
    }
  }

  private WriteResult write(Batch<ScanRecord> batch) {
    awaitStore();
    return store.write(batch);
  }

  private synchronized void awaitStore() {
    while (stalled) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** From now on no write returns, until {@link #goOn}. */
  synchronized void stall() {
    stalled = true;
  }

  synchronized void goOn() {
    stalled = false;
    notifyAll();
  }

  IngestCounts counts() {
    return engine.counts();
  }

  /**
   * Checks that it has not ended.
   *
   * @throws BrokenPromiseException with what ended it
   */
  void checkRunning() {
    checkNotFailed();
    if (!thread.isAlive()) {
      throw new BrokenPromiseException("the consumer must go on, and ended");
    }
  }

  /** Stops it as SIGTERM does. */
  void stop() throws InterruptedException {
    checkRunning();
    engine.stop();
    thread.join();
    checkNotFailed();
  }

  private void checkNotFailed() {
    Throwable ended = failure;
    if (ended != null) {
      throw new BrokenPromiseException("the consumer failed: " + ended, ended);
    }
  }

  @Override
  public void close() {
    goOn();
    engine.stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    source.close();
    store.close();
  }
}
