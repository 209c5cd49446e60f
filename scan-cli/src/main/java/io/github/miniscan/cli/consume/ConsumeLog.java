package io.github.miniscan.cli.consume;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestListener;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an operator how a consumer fares: a line of progress now and then, each change for the
 * worse or better at once, and never a flood.
 */
final class ConsumeLog implements IngestListener {

  private static final Logger log = LoggerFactory.getLogger("scan.consume");
  private static final long PROGRESS_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long REMINDER_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int REJECTIONS_SHOWN = 5;

  private final LongSupplier nanoTime;
  private long lastProgress;
  private IngestCounts atLastProgress = IngestCounts.ZERO;
  private int rejectionsShown;
  private long lastReminder;

  ConsumeLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastProgress = nanoTime.getAsLong();
  }

  @Override
  public void batchSettled(BatchSettled event) {
    IngestCounts total = event.total();
    long now = nanoTime.getAsLong();
    long passed = now - lastProgress;
    if (passed < PROGRESS_NANOS) {
      return;
    }
    long settled = total.settled() - atLastProgress.settled();
    log.info(
        "settled {} ({}/s): {} stored, {} stale, {} dead letters",
        total.settled(),
        Math.round(settled * 1e9 / passed),
        total.stored(),
        total.stale(),
        total.deadLetters());
    lastProgress = now;
    atLastProgress = total;
    rejectionsShown = 0;
  }

  @Override
  public void rejected(DeadLetter kept) {
    rejectionsShown++;
    if (rejectionsShown <= REJECTIONS_SHOWN) {
      log.warn("dead letter: {}: {}: {}", kept.message(), kept.reason(), kept.detail());
    } else if (rejectionsShown == REJECTIONS_SHOWN + 1) {
      log.warn("more dead letters; 'scan dead-letters list' shows them all");
    }
  }

  @Override
  public void storeDown(StoreDown event) {
    long now = nanoTime.getAsLong();
    if (event.attempt() == 1 || now - lastReminder >= REMINDER_NANOS) {
      lastReminder = now;
      log.warn(
          "the store is down, nothing is acked, retrying (down for {} s): {}",
          event.downFor().toSeconds(),
          event.sentence());
    }
  }

  @Override
  public void storeUp(StoreUp event) {
    log.info("the store is back after {} s", event.downFor().toSeconds());
  }

  @Override
  public void handedBack(HandedBack event) {
    log.warn("the stop time is over: {} deliveries handed back, unwritten", event.deliveries());
  }
}
