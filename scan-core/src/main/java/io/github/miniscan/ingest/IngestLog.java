package io.github.miniscan.ingest;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what an operator must not miss: a store that is down, and a batch that was handed back. */
final class IngestLog implements IngestListener {

  private static final Logger log = LoggerFactory.getLogger(IngestEngine.class);
  private static final Duration REPEAT = Duration.ofSeconds(30);

  private Duration nextReport = Duration.ZERO;

  /** An outage is reported at once, and then every 30 seconds. */
  @Override
  public void storeDown(StoreDown event) {
    if (event.attempt() == 1) {
      nextReport = Duration.ZERO;
    }
    if (event.downFor().compareTo(nextReport) >= 0) {
      nextReport = event.downFor().plus(REPEAT);
      log.warn(
          "the store is down (for {} s so far), retrying: {}",
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
    log.warn("the stop time is over: {} deliveries were handed back unwritten", event.deliveries());
  }
}
