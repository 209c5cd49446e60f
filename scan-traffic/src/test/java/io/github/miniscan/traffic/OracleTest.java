package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OracleTest {

  private static final ScanKey KEY = key(80);
  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

  private final Oracle oracle = new Oracle();
  private final InMemoryScanStore store = new InMemoryScanStore();

  @Test
  void agreesWithAStoreThatHoldsWhatWasPublished() {
    TrafficOptions options = TrafficOptions.nasty(1);
    List<TrafficMessage> published = TrafficGeneratorTest.take(options, 10_000).toList();
    store.write(Settled.batch(Settled.all(published)));
    Oracle sameFromTheSeed = Oracle.of(options, 10_000);
    OracleReport report = sameFromTheSeed.check(store, store);
    assertThat(report.agrees()).as("%s", report).isTrue();
    assertThat(sameFromTheSeed.published()).isEqualTo(10_000);
    assertThat(report.records()).isEqualTo(sameFromTheSeed.records()).isGreaterThan(3_000);
    assertThat(report.deadLetters()).isEqualTo(sameFromTheSeed.deadLetters()).isGreaterThan(500);

    Oracle ofOneMessageMore = Oracle.of(options.withDuplicates(0), 10_001);
    assertThat(ofOneMessageMore.check(store, store).agrees()).isFalse();
  }

  @Test
  void expectsTheGreatestResponseOfTheLastSecondAndTheFirstSighting() {
    publish(scan(KEY, 100, "older"), scan(KEY, 300, "a"), scan(KEY, 300, "b"), scan(KEY, 50, "z"));
    publish(scan(KEY, 300, "ab"), scan(KEY, 200, "zz"), scan(KEY, 300, ""));
    hold(new ScanRecord(KEY, 50, 300, Response.ofText("b")));
    assertThat(report().agrees()).isTrue();
  }

  @Test
  void comparesResponsesAsUnsignedBytes() {
    publish(scan(KEY, 100, "\u007f"), scan(KEY, 100, "\u0080"));
    hold(scan(KEY, 100, "\u0080"));
    assertThat(report().agrees()).isTrue();
  }

  @Test
  void findsALostRecord() {
    publish(scan(KEY, 100, "a"), scan(key(81), 100, "b"));
    hold(scan(KEY, 100, "a"));
    assertThat(report().examples()).singleElement().asString().startsWith("record missing: ");
  }

  @Test
  void findsARecordTooMany() {
    publish(scan(KEY, 100, "a"));
    hold(scan(KEY, 100, "a"), scan(key(81), 100, "b"));
    assertThat(report().examples())
        .singleElement()
        .asString()
        .startsWith("record of a key that was never published: ");
  }

  @Test
  void findsAnOlderResponseATieResolvedWronglyAndALostFirstSighting() {
    publish(scan(KEY, 100, "old"), scan(KEY, 200, "new"));
    for (ScanRecord wrong :
        List.of(
            new ScanRecord(KEY, 100, 200, Response.ofText("old")),
            new ScanRecord(KEY, 100, 200, Response.ofText("new ")),
            new ScanRecord(KEY, 200, 200, Response.ofText("new")),
            new ScanRecord(KEY, 100, 100, Response.ofText("old")))) {
      OracleReport report = oracle.check(query -> Stream.of(wrong), store);
      assertThat(report.differences()).as("%s", wrong).isEqualTo(1);
      assertThat(report.examples().get(0)).startsWith("record is ScanRecord").contains("must be");
    }
  }

  @Test
  void findsRecordsOutOfOrderAndTwice() {
    publish(scan(KEY, 100, "a"), scan(key(81), 100, "b"));
    ScanRecord a = scan(KEY, 100, "a");
    ScanRecord b = scan(key(81), 100, "b");
    assertThat(differencesOf(query -> Stream.of(a, b))).isZero();
    assertThat(differencesOf(query -> Stream.of(b, a))).isEqualTo(1);
    assertThat(differencesOf(query -> Stream.of(a, a, b))).isEqualTo(1);
  }

  @Test
  void expectsADeadLetterForEachMessageThatMustBeRejected() {
    reject("bad", Reason.INVALID_IP);
    reject("bad", Reason.INVALID_IP);
    keep(letter("1", "bad", Reason.INVALID_IP), letter("2", "bad", Reason.INVALID_IP));
    assertThat(report().agrees()).isTrue();
    assertThat(report().deadLetters()).isEqualTo(2);
  }

  @Test
  void findsAMissingADoubledAndAnUnexpectedDeadLetter() {
    reject("bad", Reason.INVALID_IP);
    assertThat(report().examples())
        .containsExactly("0 dead letters (INVALID_IP) must be 1: 3 bytes bad");
    keep(letter("1", "bad", Reason.INVALID_IP), letter("1 again", "bad", Reason.INVALID_IP));
    assertThat(report().examples())
        .containsExactly("2 dead letters (INVALID_IP) must be 1: 3 bytes bad");
    store.removeDeadLetters(
        DeadLetterQuery.all().withIds(List.of(letter("1", "bad", Reason.INVALID_IP).id())));
    assertThat(report().agrees()).isTrue();
    keep(letter("2", "\u001b[31m", Reason.INVALID_IP));
    assertThat(report().examples())
        .singleElement()
        .asString()
        .contains("(INVALID_IP) of a payload that was never published")
        .endsWith("\\u001b[31m");
  }

  @Test
  void findsAWrongReason() {
    reject("bad", Reason.INVALID_IP);
    keep(letter("1", "bad", Reason.INVALID_PORT));
    assertThat(report().examples())
        .singleElement()
        .asString()
        .contains(" is INVALID_PORT (why), must be INVALID_IP: 3 bytes bad");
  }

  @Test
  void findsAnythingThatIsChangedInNastyTraffic() {
    List<TrafficMessage> published =
        TrafficGeneratorTest.take(TrafficOptions.nasty(2).withKeys(50), 1_000).toList();
    published.forEach(oracle::published);
    store.write(Settled.batch(Settled.all(published)));
    List<ScanRecord> right;
    try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      right = records.toList();
    }
    List<UnaryOperator<ScanRecord>> changes =
        List.of(
            r -> new ScanRecord(r.key(), r.firstScanned(), r.lastScanned() + 1, r.response()),
            r -> new ScanRecord(r.key(), r.lastScanned(), r.lastScanned() + 1, r.response()),
            r -> new ScanRecord(r.key(), r.firstScanned(), r.lastScanned(), Response.ofText("?")));
    for (int i = 0; i < right.size(); i++) {
      for (UnaryOperator<ScanRecord> change : changes) {
        List<ScanRecord> changed = new ArrayList<>(right);
        changed.set(i, change.apply(right.get(i)));
        assertThat(differencesOf(query -> changed.stream())).isEqualTo(1);
      }
    }
    assertThat(differencesOf(query -> right.stream())).isZero();
  }

  @Test
  void countsAllDifferencesAndShowsTheFirst() {
    for (int port = 0; port < 1_000; port++) {
      publish(scan(key(port), 1, "x"));
    }
    assertThat(report().differences()).isEqualTo(1_000);
    assertThat(report().examples()).hasSize(20);
    assertThat(report().toString())
        .startsWith("1000 differences in 1000 records and 0 dead letters:\n  ");
  }

  private OracleReport report() {
    return oracle.check(store, store);
  }

  private long differencesOf(ScanReader reader) {
    return oracle.check(reader, store).differences();
  }

  private void publish(ScanRecord... scans) {
    for (ScanRecord scan : scans) {
      oracle.published(TrafficMessage.becoming(scan, new byte[0]));
    }
  }

  private void reject(String payload, Reason reason) {
    oracle.published(TrafficMessage.rejectedFor(reason, payload.getBytes(UTF_8)));
  }

  private void hold(ScanRecord... records) {
    List<Decoded<ScanRecord>> decoded = new ArrayList<>();
    for (ScanRecord record : records) {
      decoded.add(new Decoded<>(new Message("1", new byte[0], Map.of(), TIME), record));
    }
    store.write(Batch.of(decoded, List.of()));
  }

  private void keep(DeadLetter... letters) {
    store.write(Batch.of(List.of(), List.of(letters)));
  }

  private static DeadLetter letter(String id, String payload, Reason reason) {
    return DeadLetter.of(
        new Message(id, payload.getBytes(UTF_8), Map.of(), TIME), reason, "why", TIME);
  }

  private static ScanKey key(int port) {
    return new ScanKey(IpAddress.parse("1.1.1.1"), port, "HTTP");
  }

  private static ScanRecord scan(ScanKey key, long scannedAt, String response) {
    return ScanRecord.ofScan(key, scannedAt, Response.ofText(response));
  }
}
