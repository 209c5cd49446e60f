package io.github.miniscan.proof.fuzz;

import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.decode.RejectedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decoder against {@link ReferenceDecoder}: the same verdict, the same record, and a sentence
 * that is harmless to show.
 */
public final class DecoderTarget {

  /** The first byte of an input that is a {@link Recipe}; any other is a message as it stands. */
  static final byte RECIPE = 1;

  private static final Instant NO_CLOCK = Instant.MIN;

  private static final List<Circumstances> CIRCUMSTANCES =
      List.of(
          new Circumstances(Duration.ofDays(1), Recipe.PUBLISHED, NO_CLOCK),
          new Circumstances(Duration.ZERO, Recipe.PUBLISHED.plusNanos(999_999_999), NO_CLOCK),
          new Circumstances(
              Duration.ofDays(1).plusMillis(500), null, Recipe.PUBLISHED.plusMillis(500)),
          new Circumstances(Duration.ofDays(1), Instant.MAX, NO_CLOCK));

  private static final Tally TALLY = Tally.ofThisProcess();

  private DecoderTarget() {}

  /** What a verdict depends on beside the payload. */
  private record Circumstances(
      Duration maxSkew, @Nullable Instant published, Instant clock, JsonScanDecoder decoder) {

    Circumstances(Duration maxSkew, @Nullable Instant published, Instant clock) {
      this(maxSkew, published, clock, new JsonScanDecoder(maxSkew, InstantSource.fixed(clock)));
    }

    Instant present() {
      return published != null ? published : clock;
    }
  }

  /** Tries one input; what it throws is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    byte[] payload = payload(input);
    TALLY.count(check(payload));
  }

  private static byte[] payload(byte[] input) {
    return input.length > 0 && input[0] == RECIPE ? Recipe.message(input, 1) : input;
  }

  /**
   * Compares the two on one payload, whose length chooses the circumstances.
   *
   * @return the verdict in a word
   * @throws AssertionError when they differ
   */
  static String check(byte[] payload) {
    Circumstances given = CIRCUMSTANCES.get(payload.length % CIRCUMSTANCES.size());
    ReferenceDecoder.Verdict wanted =
        ReferenceDecoder.decode(payload, given.present(), given.maxSkew());
    try {
      ScanRecord record =
          given.decoder().decode(new Message("id", payload, Map.of(), given.published()));
      require(isMeant(record, wanted), payload, given, record.toString(), wanted);
      return "record";
    } catch (RejectedException e) {
      require(
          e.reason().equals(wanted.reason()),
          payload,
          given,
          e.reason() + ": " + e.detail(),
          wanted);
      Harmless.requireLine(e.detail());
      return e.reason().code();
    }
  }

  private static boolean isMeant(ScanRecord record, ReferenceDecoder.Verdict wanted) {
    return wanted.reason() == null
        && record.key().ip().toString().equals(wanted.ip())
        && record.key().port() == wanted.port()
        && record.key().service().equals(wanted.service())
        && record.firstScanned() == wanted.scannedAt()
        && record.lastScanned() == wanted.scannedAt()
        && wanted.response().equals(ByteBuffer.wrap(record.response().bytesUncopied()));
  }

  private static void require(
      boolean agreed,
      byte[] payload,
      Circumstances given,
      String seen,
      ReferenceDecoder.Verdict wanted) {
    if (!agreed) {
      throw new AssertionError(
          "the decoder made %s of a payload that must become %s (published %s, skew %s, base64 %s)"
              .formatted(
                  seen,
                  wanted,
                  given.present(),
                  given.maxSkew(),
                  Base64.getEncoder().encodeToString(payload)));
    }
  }
}
