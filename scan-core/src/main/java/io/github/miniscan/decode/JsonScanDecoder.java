package io.github.miniscan.decode;

import static java.util.Objects.requireNonNull;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.Utf8;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Decodes the scanner's JSON, {@code data_version} 1 and 2.
 *
 * <p>Strict where leniency would keep something wrong: the whole payload is well-formed UTF-8
 * without a byte order mark and one JSON object (RFC 8259), nested no deeper than 1,000, with
 * numbers of at most 1,000 characters. Unknown fields are ignored at every level; a known one may
 * be given once. The time of a scan may be no further after the message's publish time than the
 * allowed skew: a wrong clock must not freeze a key for ever, and two consumers must agree. Of
 * several reasons to reject, the first in {@link Reason} is given, with one exception named there.
 */
public final class JsonScanDecoder implements Decoder<ScanRecord> {

  /** The default skew: a scan may claim to be at most that long after its publish time. */
  public static final Duration DEFAULT_MAX_SKEW = Duration.ofHours(24);

  /** As seconds in the year 5138, as milliseconds in 1973. */
  private static final long LEAST_MILLIS = 100_000_000_000L;

  private static final long TEN_YEARS = 10L * 365 * 86_400;

  private final Duration maxSkew;
  private final InstantSource clock;

  /**
   * Creates a decoder with the default skew and, for messages without a publish time, the system
   * clock.
   */
  public JsonScanDecoder() {
    this(DEFAULT_MAX_SKEW, InstantSource.system());
  }

  /**
   * Creates a decoder.
   *
   * @param maxSkew how far after its publish time a scan may claim to be
   * @param clock stands in for the publish time where a message has none
   * @throws IllegalArgumentException when the skew is negative
   */
  public JsonScanDecoder(Duration maxSkew, InstantSource clock) {
    if (maxSkew.isNegative()) {
      throw new IllegalArgumentException("negative skew: " + maxSkew);
    }
    this.maxSkew = maxSkew;
    this.clock = requireNonNull(clock, "clock");
  }

  @Override
  public ScanRecord decode(Message message) throws RejectedException {
    byte[] payload = message.payload();
    requireUtf8(payload);
    Instant published = message.publishTime().orElseGet(clock::instant);
    ParsedFields fields = ParsedFields.parse(payload);
    DataVersion version = fields.version();
    fields.requireAll();
    ScanKey key = new ScanKey(fields.ip(), fields.port(), fields.service());
    long scannedAt = fields.timestamp();
    requireNotInFuture(scannedAt, published);
    return ScanRecord.ofScan(key, scannedAt, version.response(fields.response(version)));
  }

  private void requireNotInFuture(long scannedAt, Instant publishTime) throws RejectedException {
    long latest = saturatedAdd(publishTime.getEpochSecond(), maxSkew.toSeconds());
    if (publishTime.getNano() + maxSkew.toNanosPart() >= 1_000_000_000) {
      latest = saturatedAdd(latest, 1);
    }
    if (scannedAt > latest) {
      throw new RejectedException(Reason.FUTURE_TIMESTAMP, () -> tooLate(scannedAt, publishTime));
    }
  }

  private String tooLate(long scannedAt, Instant publishTime) {
    long ageIfMillis = publishTime.getEpochSecond() - scannedAt / 1_000;
    boolean millis = scannedAt >= LEAST_MILLIS && Math.abs(ageIfMillis) < TEN_YEARS;
    return "timestamp "
        + scannedAt
        + " is "
        + (scannedAt - publishTime.getEpochSecond())
        + " s after the publish time "
        + publishTime
        + " (at most "
        + maxSkew.toSeconds()
        + " s)"
        + (millis ? "; it looks like milliseconds" : "");
  }

  private static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }

  /** Jackson would guess another encoding, skip a byte order mark, and take some invalid UTF-8. */
  private static void requireUtf8(byte[] payload) throws RejectedException {
    if (payload.length == 0) {
      throw malformed("the payload is empty");
    }
    for (int i = 0; i < Math.min(4, payload.length); i++) {
      if (payload[i] == 0) {
        throw malformed("the payload is not UTF-8 text");
      }
    }
    boolean mark =
        payload.length >= 3
            && payload[0] == (byte) 0xef
            && payload[1] == (byte) 0xbb
            && payload[2] == (byte) 0xbf;
    if (mark) {
      throw malformed("the payload begins with a byte order mark");
    }
    if (!Utf8.isValid(payload)) {
      throw malformed("the payload is not valid UTF-8");
    }
  }

  static RejectedException malformed(String detail) {
    return new RejectedException(Reason.MALFORMED_JSON, detail);
  }
}
