package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.VisibleText;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.decode.RejectedException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficGeneratorTest {

  private static final Instant YEAR_2090 = Instant.parse("2090-01-01T00:00:00Z");

  private static final JsonScanDecoder DECODER = new JsonScanDecoder();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void meansWhatTheDecoderUnderstands(long seed) {
    TrafficOptions options = TrafficOptions.nasty(seed);
    assertDecoded(options, 50_000, options.baseTime());
  }

  @Test
  void meansTheSameWheneverItIsPublished() {
    TrafficOptions options = TrafficOptions.nasty(5).withMalformed(0.5);
    assertDecoded(options, 20_000, YEAR_2090);
    Instant now = Instant.parse("2027-06-01T12:00:00.5Z");
    assertDecoded(options.withBaseTime(now), 20_000, now);
  }

  @Test
  void meansWhatTheDecoderUnderstandsWhenAllIsWell() {
    TrafficOptions options = TrafficOptions.realistic(6);
    assertDecoded(options, 20_000, options.baseTime());
  }

  static void assertDecoded(TrafficOptions options, int count, Instant publishedAt) {
    take(options, count)
        .forEach(
            message -> {
              Message published = new Message("1", message.payload(), Map.of(), publishedAt);
              try {
                ScanRecord record = DECODER.decode(published);
                if (!message.record().equals(Optional.of(record))) {
                  throw new AssertionError(
                      "%s became %s, must be %s"
                          .formatted(shown(message), record, expected(message)));
                }
              } catch (RejectedException e) {
                if (!message.reason().equals(Optional.of(e.reason()))) {
                  throw new AssertionError(
                      "%s was rejected (%s %s), must be %s"
                          .formatted(shown(message), e.reason(), e.detail(), expected(message)));
                }
              }
            });
  }

  private static String shown(TrafficMessage message) {
    return VisibleText.of(new String(message.payload(), UTF_8));
  }

  private static Object expected(TrafficMessage message) {
    return message.record().<Object>map(record -> record).orElseGet(message::reason);
  }

  @Test
  void rejectsForEveryReasonOfADecoderEquallyOften() {
    Map<Reason, Set<ByteBuffer>> payloads = new LinkedHashMap<>();
    take(
            TrafficOptions.nasty(7).withDuplicates(0).withTies(0).withLate(0).withMalformed(0.9),
            20_000)
        .filter(message -> message.reason().isPresent())
        .forEach(
            message ->
                payloads
                    .computeIfAbsent(message.reason().orElseThrow(), reason -> new HashSet<>())
                    .add(ByteBuffer.wrap(message.payload())));
    Set<Reason> ofDecoders = new HashSet<>(Reason.OF_SCANS);
    ofDecoders.removeAll(Set.of(Reason.STORE_REJECTED, Reason.INTERNAL_ERROR));
    assertThat(payloads.keySet()).isEqualTo(ofDecoders);
    payloads.forEach(
        (reason, different) -> assertThat(different).as("%s", reason).hasSizeBetween(1_000, 2_300));
  }

  @Test
  void keepsToItsShares() {
    int count = 50_000;
    TrafficOptions options =
        new TrafficOptions(
            8, Instant.parse("2026-01-01T00:00:00Z"), 10_000_000, 50, .1, .2, .15, .25, .3);
    Map<String, Integer> kinds = new HashMap<>();
    Set<ByteBuffer> payloads = new HashSet<>();
    Map<ScanKey, ScanRecord> before = new HashMap<>();
    long base = options.baseTime().getEpochSecond();
    take(options, count)
        .forEach(
            message -> {
              boolean repeated = !payloads.add(ByteBuffer.wrap(message.payload()));
              if (repeated) {
                kinds.merge("repeated", 1, Integer::sum);
                return;
              }
              if (message.reason().isPresent()) {
                kinds.merge("malformed", 1, Integer::sum);
                return;
              }
              ScanRecord scan = message.record().orElseThrow();
              ScanRecord known = before.put(scan.key(), scan);
              if (known != null && known.lastScanned() == scan.lastScanned()) {
                kinds.merge("tie", 1, Integer::sum);
              } else if (scan.lastScanned() < base - 10) {
                kinds.merge("late", 1, Integer::sum);
              }
            });
    assertThat(kinds.get("repeated") / (double) count).isCloseTo(.2, within(.04));
    assertThat(kinds.get("malformed") / (double) count).isCloseTo(.1, within(.03));
    assertThat(kinds.get("tie") / (double) count).isCloseTo(.12, within(.04));
    assertThat(kinds.get("late") / (double) count).isCloseTo(.25, within(.04));
  }

  @Test
  void makesEveryKindOfTrafficThatBreaksConsumers() {
    TrafficOptions options = TrafficOptions.nasty(9);
    Set<String> seen = new HashSet<>();
    Map<ScanKey, ScanRecord> newest = new HashMap<>();
    take(options, 100_000)
        .filter(message -> message.record().isPresent())
        .forEach(
            message -> {
              ScanRecord scan = message.record().orElseThrow();
              String text = new String(message.payload(), UTF_8);
              Response response = scan.response();
              note(seen, "IPv6", !scan.key().ip().isV4());
              note(seen, "port 0", scan.key().port() == 0);
              note(seen, "version 1", text.contains("\"data_version\":1"));
              note(seen, "version 2", text.contains("\"data_version\":2"));
              note(seen, "empty response", response.size() == 0);
              note(seen, "binary response", !response.isText());
              note(seen, "large response", response.size() > 30_000);
              note(seen, "escape sequence", response.text().contains("\u001b["));
              note(seen, "bidirectional override", response.text().contains("\u202e"));
              note(seen, "lone surrogate", text.contains("\\uD800"));
              note(
                  seen,
                  "IPv4-mapped address",
                  text.contains("\"::ffff:") && scan.key().ip().isV4());
              note(seen, "escaped field name", text.matches("(?s).*\\\\u00..\\w*\"\\s*:.*"));
              note(seen, "white space", text.startsWith("\r\n"));
              note(seen, "data first", text.startsWith("{\"data\":"));
              note(seen, "unknown field", text.contains("\"IP\":"));
              note(
                  seen,
                  "service beyond the basic plane",
                  scan.key().service().codePoints().anyMatch(c -> c > 0xffff));
              ScanRecord known = newest.get(scan.key());
              if (known == null) {
                note(seen, "new key", true);
              } else {
                long after = scan.lastScanned() - known.lastScanned();
                note(seen, "update", after > 0);
                note(seen, "late by less than a day", after < 0 && after > -86_000);
                note(seen, "late by more than a day", after < -100_000);
                note(seen, "tie", after == 0 && !scan.response().equals(known.response()));
              }
              newest.merge(scan.key(), scan, ScanRecord::merge);
            });
    assertThat(seen)
        .contains(
            "IPv6",
            "port 0",
            "version 1",
            "version 2",
            "empty response",
            "binary response",
            "large response",
            "escape sequence",
            "bidirectional override",
            "lone surrogate",
            "IPv4-mapped address",
            "escaped field name",
            "white space",
            "data first",
            "unknown field",
            "service beyond the basic plane",
            "new key",
            "update",
            "late by less than a day",
            "late by more than a day",
            "tie");
  }

  private static void note(Set<String> seen, String what, boolean holds) {
    if (holds) {
      seen.add(what);
    }
  }

  @Test
  void stampsNoRecordFarAheadOfItsTime() {
    TrafficOptions options = TrafficOptions.nasty(10);
    long latest = options.baseTime().plus(Duration.ofHours(1)).getEpochSecond() + 20;
    take(options, 20_000)
        .flatMap(message -> message.record().stream())
        .forEach(scan -> assertThat(scan.lastScanned()).isBetween(0L, latest));
  }

  @Test
  void publishesNoMessageWithoutBytes() {
    TrafficOptions options = TrafficOptions.nasty(13);
    assertThat(take(options, 50_000)).noneMatch(message -> message.payload().length == 0);
  }

  @Test
  void drawsFromAsManyKeysAsToldOnly() {
    TrafficOptions options = TrafficOptions.nasty(11).withKeys(100);
    assertThat(
            take(options, 20_000)
                .flatMap(message -> message.record().stream())
                .map(ScanRecord::key)
                .distinct())
        .hasSizeBetween(95, 100);
  }

  @Test
  void makesResponsesAsLargeAsTold() {
    TrafficOptions options = TrafficOptions.realistic(12).withResponseBytes(500).withOdd(0);
    assertThat(
            take(options, 20_000)
                .flatMap(message -> message.record().stream())
                .mapToInt(scan -> scan.response().size())
                .average()
                .orElseThrow())
        .isCloseTo(500, within(20.0));
  }

  @Test
  void repeatsItselfWithTheSameSeedAndWithNoOther() throws Exception {
    assertThat(fingerprint(TrafficOptions.nasty(7)))
        .isEqualTo(fingerprint(TrafficOptions.nasty(7)));
    assertThat(fingerprint(TrafficOptions.nasty(7)))
        .isNotEqualTo(fingerprint(TrafficOptions.nasty(8)));
  }

  /** A changed generator changes this; a different Java version must not. */
  @Test
  void isTheSameWithEveryJavaVersion() throws Exception {
    assertThat(fingerprint(TrafficOptions.nasty(7))).isEqualTo("7a871ebb062c26ae");
  }

  private static String fingerprint(TrafficOptions options) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    take(options, 5_000).forEach(message -> digest.update(message.payload()));
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  @Test
  void refusesSharesThatAreMoreThanAll() {
    TrafficOptions options = TrafficOptions.nasty(1);
    assertThatThrownBy(() -> options.withMalformed(0.9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("shares out of range: malformed 0.9, duplicates 0.1");
    for (double wrong : List.of(-0.1, 1.1, Double.NaN)) {
      assertThatThrownBy(() -> options.withOdd(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> options.withKeys(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.withBaseTime(Instant.ofEpochSecond(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static Stream<TrafficMessage> take(TrafficOptions options, int count) {
    TrafficGenerator generator = new TrafficGenerator(options);
    return Stream.generate(generator::next).limit(count);
  }
}
