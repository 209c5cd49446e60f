package io.github.miniscan.traffic;

import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message to publish, and what it must become: a record or a dead letter.
 *
 * <p>That is what its maker meant, not what some decoder said. It holds whenever the message is
 * published after {@link TrafficOptions#baseTime()} and before the year 2090.
 */
public final class TrafficMessage {

  private final byte[] payload;
  private final @Nullable ScanRecord record;
  private final @Nullable Reason reason;

  private TrafficMessage(byte[] payload, @Nullable ScanRecord record, @Nullable Reason reason) {
    this.payload = payload;
    this.record = record;
    this.reason = reason;
  }

  /** A message that must become this record. */
  public static TrafficMessage becoming(ScanRecord record, byte[] payload) {
    return new TrafficMessage(payload, record, null);
  }

  /** A message that must be rejected for this reason. */
  public static TrafficMessage rejectedFor(Reason reason, byte[] payload) {
    return new TrafficMessage(payload, null, reason);
  }

  /** What to publish: the bytes themselves, not a copy, which nobody may change. */
  public byte[] payload() {
    return payload;
  }

  /** The scan that the message carries; empty when it must be rejected. */
  public Optional<ScanRecord> record() {
    return Optional.ofNullable(record);
  }

  /** Why the message must be rejected; empty when it carries a scan. */
  public Optional<Reason> reason() {
    return Optional.ofNullable(reason);
  }
}
