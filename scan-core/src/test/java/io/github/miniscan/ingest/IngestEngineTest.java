package io.github.miniscan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.UnusableStoreException;
import io.github.miniscan.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class IngestEngineTest {

  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final int LARGE = 20_000;

  private final List<String> story = Collections.synchronizedList(new ArrayList<>());
  private final SimulatedClock clock = new SimulatedClock();
  private final FakeSource source = new FakeSource(clock, story);
  private final FakeStore store = new FakeStore(story);
  private final FakeListener listener = new FakeListener();
  private IngestOptions options = IngestOptions.defaults().withIdleLimit(IDLE);

  private IngestEngine<String> engine() {
    return IngestEngine.builder(source, new FakeDecoder(text -> story.add("decode " + text)), store)
        .options(options)
        .listener(listener)
        .clock(clock)
        .jitter(new Random(1))
        .build();
  }

  // The main path

  @Test
  void receivesThenDecodesThenWritesThenAcks() throws Exception {
    source.deliver("a", "bad", "b");
    engine().run();
    assertThat(story)
        .containsExactly(
            "receive 3",
            "decode a",
            "decode bad",
            "decode b",
            "write 2+1",
            "ack a",
            "ack bad",
            "ack b");
  }

  @Test
  void takesForABatchWhateverHasArrived() throws Exception {
    clock.at(Duration.ofSeconds(1), () -> source.deliver("a"));
    clock.at(Duration.ofSeconds(2), () -> source.deliver("b", "c", "d"));
    engine().run();
    assertThat(story)
        .filteredOn(line -> line.startsWith("write"))
        .containsExactly("write 1+0", "write 3+0");
    assertThat(source.acked).containsExactly("a", "b", "c", "d");
  }

  @Test
  void splitsABacklogIntoBatches() throws Exception {
    options = options.withMaxBatch(2);
    source.deliver("a", "b", "c", "d", "e");
    engine().run();
    assertThat(story)
        .filteredOn(line -> line.startsWith("write"))
        .containsExactly("write 2+0", "write 2+0", "write 1+0");
  }

  @Test
  void countsEveryDeliveryOnce() throws Exception {
    source.deliver("a", "b", "a", "bad", "bad", "bug");
    IngestEngine<String> engine = engine();
    IngestCounts counts = engine.run();
    assertThat(counts).isEqualTo(new IngestCounts(2, 1, 3)).isEqualTo(engine.counts());
    assertThat(counts.settled()).isEqualTo(6).isEqualTo(source.acked.size());
  }

  @Test
  void tellsItsListenerWhatBecameOfEachBatch() throws Exception {
    options = options.withMaxBatch(2);
    source.deliver("a", "bad", "b");
    engine().run();
    assertThat(listener.calls)
        .containsExactly(
            "rejected 2 INVALID_DATA it says bad",
            "settled IngestCounts[stored=1, stale=0, deadLetters=1]"
                + " of IngestCounts[stored=1, stale=0, deadLetters=1]",
            "settled IngestCounts[stored=1, stale=0, deadLetters=0]"
                + " of IngestCounts[stored=2, stale=0, deadLetters=1]");
  }

  @Test
  void acksOnlyAfterTheListenerCouldStillSeeItDurable() throws Exception {
    source.deliver("a");
    listener.onBatch = () -> assertThat(store.records).containsExactlyElementsOf(source.acked);
    engine().run();
    assertThat(source.acked).containsExactly("a");
  }

  // Bad messages

  @Test
  void keepsTheWholeMessageOfADeadLetterInTheSameCallAsTheRecords() throws Exception {
    source.deliver("a", "bad");
    engine().run();
    assertThat(store.writes).isEqualTo(1);
    DeadLetter letter = store.letters.values().iterator().next();
    assertThat(letter.id()).isEqualTo(DeadLetter.idOf(letter.message()));
    assertThat(letter.reason()).isEqualTo(Reason.INVALID_DATA);
    assertThat(letter.detail()).isEqualTo("it says bad");
    assertThat(letter.receivedAt()).isEqualTo(SimulatedClock.START);
    assertThat(letter.message().id()).isEqualTo("2");
    assertThat(letter.message().attributes()).containsEntry("from", "test");
    assertThat(letter.message().publishTime()).contains(SimulatedClock.START);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bug", "overflow", "assertion"})
  void makesADeadLetterOfAMessageThatBreaksTheDecoder(String breaking) throws Exception {
    source.deliver("a", breaking, "b");
    IngestCounts counts = engine().run();
    assertThat(counts).isEqualTo(new IngestCounts(2, 0, 1));
    assertThat(store.rejected()).containsExactly(breaking + ": INTERNAL_ERROR");
    assertThat(source.acked).containsExactly("a", breaking, "b");
    assertThat(store.letters.values().iterator().next().detail())
        .startsWith("decoding failed: java.lang.")
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"out of memory", "no class"})
  void endsWithNothingAckedOnAnErrorOfTheJvm(String fatal) {
    source.deliver("a", fatal);
    IngestEngine<String> engine = engine();
    assertThatThrownBy(engine::run).isInstanceOf(Error.class).hasMessage("simulated");
    assertThat(source.acked).isEmpty();
    assertThat(store.writes).isZero();
    assertThat(source.stopped).isTrue();
  }

  @Test
  void keepsTheOrderOfALargeBatchThatSeveralThreadsDecode() throws Exception {
    String[] texts =
        IntStream.range(0, LARGE)
            .mapToObj(i -> (i % 7 == 0 ? "bad " : "") + i)
            .toArray(String[]::new);
    source.deliver(texts);
    List<Batch<String>> batches = new ArrayList<>();
    int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    CountDownLatch arrived = new CountDownLatch(threads);
    Set<Thread> decoding = ConcurrentHashMap.newKeySet();
    IngestEngine.builder(
            source,
            new FakeDecoder(
                text -> {
                  if (decoding.add(Thread.currentThread())) {
                    arrived.countDown();
                    isReached(arrived);
                  }
                }),
            batch -> {
              batches.add(batch);
              return new WriteResult(batch.records().size(), 0);
            })
        .options(options)
        .listener(listener)
        .clock(clock)
        .build()
        .run();

    assertThat(batches).hasSize(1);
    assertThat(batches.get(0).records())
        .extracting(Decoded::record)
        .containsExactlyElementsOf(Stream.of(texts).filter(text -> !isBad(text)).toList());
    assertThat(batches.get(0).deadLetters())
        .extracting(DeadLetter::detail)
        .containsExactlyElementsOf(
            Stream.of(texts).filter(text -> isBad(text)).map(text -> "it says " + text).toList());
    assertThat(source.acked).containsExactly(texts);
    assertThat(decoding).hasSizeGreaterThanOrEqualTo(threads);
  }

  private static boolean isReached(CountDownLatch latch) {
    try {
      return latch.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isBad(String text) {
    return text.startsWith("bad");
  }

  @ParameterizedTest
  @ValueSource(strings = {"out of memory", "no class"})
  void endsWithNothingAckedOnAnErrorOfTheJvmInALargeBatch(String fatal) {
    source.deliver(
        IntStream.range(0, LARGE)
            .mapToObj(i -> i == LARGE / 2 ? fatal : "" + i)
            .toArray(String[]::new));
    IngestEngine<String> engine = engine();
    assertThatThrownBy(engine::run).isInstanceOf(Error.class).hasStackTraceContaining("simulated");
    assertThat(source.acked).isEmpty();
    assertThat(store.writes).isZero();
  }

  // Beside the writing of a large batch

  /** The texts of numbers. */
  private static String[] numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
  }

  @Test
  void decodesWhatHasArrivedWhileALargeBatchIsWritten() throws Exception {
    options = options.withMaxBatch(5_000);
    source.deliver(numbers(0, 12_000));
    CountDownLatch ahead = new CountDownLatch(1);
    List<String> written = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    IngestEngine.builder(
            source,
            new FakeDecoder(
                text -> {
                  if (text.equals("9999")) {
                    ahead.countDown();
                  }
                }),
            batch -> {
              if (written.isEmpty()) {
                assertThat(isReached(ahead)).as("decoded beside the writing").isTrue();
              }
              batch.records().forEach(decoded -> written.add(decoded.record()));
              sizes.add(batch.records().size());
              return new WriteResult(batch.records().size(), 0);
            })
        .options(options)
        .clock(clock)
        .build()
        .run();
    assertThat(sizes).containsExactly(5_000, 5_000, 2_000);
    assertThat(written).containsExactly(numbers(0, 12_000));
    assertThat(source.acked).containsExactly(numbers(0, 12_000));
    assertThat(source.handedBack).isEmpty();
  }

  @Test
  void addsWhatArrivesMeanwhileToWhatItHasDecodedAhead() throws Exception {
    options = options.withMaxBatch(5_000);
    source.deliver(numbers(0, 5_010));
    List<Integer> sizes = new ArrayList<>();
    IngestEngine.builder(
            source,
            new FakeDecoder(text -> {}),
            batch -> {
              if (sizes.isEmpty()) {
                source.deliver(numbers(5_010, 5_013));
              }
              sizes.add(batch.records().size());
              return store.write(batch);
            })
        .options(options)
        .clock(clock)
        .build()
        .run();
    assertThat(sizes).containsExactly(5_000, 13);
    assertThat(store.records).containsExactly(numbers(0, 5_013));
    assertThat(source.acked).containsExactly(numbers(0, 5_013));
  }

  @Test
  void handsBackWhatIsAheadWhenItIsStopped() throws Exception {
    options = options.withMaxBatch(5_000);
    source.deliver(numbers(0, 12_000));
    List<IngestEngine<String>> engines = new ArrayList<>();
    engines.add(
        IngestEngine.builder(
                source,
                new FakeDecoder(text -> {}),
                batch -> {
                  engines.get(0).stop();
                  return store.write(batch);
                })
            .options(options)
            .clock(clock)
            .build());
    assertThat(engines.get(0).run()).isEqualTo(new IngestCounts(5_000, 0, 0));
    assertThat(source.acked).containsExactly(numbers(0, 5_000));
    assertThat(source.handedBack).containsExactly(numbers(5_000, 10_000));
  }

  @Test
  void handsBackWhatIsAheadWhenItGivesUp() {
    options = options.withMaxBatch(5_000).withStoreDownLimit(Duration.ofSeconds(10));
    store.down = true;
    source.deliver(numbers(0, 7_000));
    IngestEngine<String> engine = engine();
    assertThatThrownBy(engine::run).isInstanceOf(GaveUpException.class);
    assertThat(source.acked).isEmpty();
    assertThat(source.handedBack).containsExactly(numbers(0, 7_000));
  }

  @Test
  void takesNoMoreAheadThanItMaySettle() throws Exception {
    options = options.withMaxBatch(5_000).withMaxDeliveries(7_000);
    source.deliver(numbers(0, 12_000));
    assertThat(engine().run().settled()).isEqualTo(7_000);
    assertThat(source.acked).containsExactly(numbers(0, 7_000));
    assertThat(source.handedBack).isEmpty();
    assertThat(source.waiting()).isEqualTo(5_000);
  }

  @Test
  void settlesTheBatchInHandWhenTheSourceFailsMeanwhile() {
    source.deliver(numbers(0, 5_000));
    source.beforeReceive =
        () -> {
          if (source.asked.size() > 1) {
            throw new SourceException("the subscription is gone");
          }
        };
    IngestEngine<String> engine = engine();
    assertThatThrownBy(engine::run).isInstanceOf(SourceException.class);
    assertThat(source.acked).containsExactly(numbers(0, 5_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"out of memory", "no class"})
  void endsOnAnErrorOfTheJvmAheadWithOnlyTheBatchBeforeAcked(String fatal) {
    options = options.withMaxBatch(5_000);
    source.deliver(numbers(0, 5_000));
    source.deliver("a", fatal, "b");
    IngestEngine<String> engine = engine();
    assertThatThrownBy(engine::run).isInstanceOf(Error.class).hasStackTraceContaining("simulated");
    assertThat(source.acked).containsExactly(numbers(0, 5_000));
    assertThat(store.records).hasSize(5_000);
  }

  @Test
  void looksNotAheadBesideASmallBatch() throws Exception {
    options = options.withMaxBatch(2);
    source.deliver("a", "b", "c");
    engine().run();
    assertThat(story)
        .containsExactly(
            "receive 2",
            "decode a",
            "decode b",
            "write 2+0",
            "ack a",
            "ack b",
            "receive 1",
            "decode c",
            "write 1+0",
            "ack c");
  }

  @Test
  void letsAServiceDecideWhatIsKeptOfADeadLetter() throws Exception {
    source.deliver("bad secret");
    IngestEngine.builder(source, new FakeDecoder(text -> {}), store)
        .options(options)
        .clock(clock)
        .deadLetters(
            rejection ->
                new DeadLetter(
                    DeadLetter.idOf(rejection.message()),
                    rejection.reason(),
                    "redacted",
                    new Message(rejection.message().id(), new byte[0], Map.of(), null),
                    rejection.receivedAt()))
        .build()
        .run();
    DeadLetter letter = store.letters.values().iterator().next();
    assertThat(letter.detail()).isEqualTo("redacted");
    assertThat(letter.message().payload()).isEmpty();
  }

  // A record that the store refuses

  @Test
  void isolatesARefusedRecordAndStoresItsNeighbours() throws Exception {
    store.refuses = "c"::equals;
    source.deliver("a", "b", "c", "bad", "d", "e");
    IngestCounts counts = engine().run();
    assertThat(counts).isEqualTo(new IngestCounts(4, 0, 2));
    assertThat(store.records).containsExactlyInAnyOrder("a", "b", "d", "e");
    assertThat(store.rejected())
        .containsExactlyInAnyOrder("bad: INVALID_DATA", "c: STORE_REJECTED");
    assertThat(store.letters.values()).noneMatch(letter -> letter.detail().contains("\u001b"));
    assertThat(source.acked).containsExactly("a", "b", "c", "bad", "d", "e");
    assertThat(listener.calls).contains("rejected 3 STORE_REJECTED too \\u001b[31mred");
    assertThat(listener.calls).noneMatch(call -> call.startsWith("down"));
  }

  @Test
  void isolatesEveryRefusedRecordWhereverTheyAre() throws Exception {
    long seed = 5;
    Random random = new Random(seed);
    String[] payloads = IntStream.range(0, 500).mapToObj(Integer::toString).toArray(String[]::new);
    List<String> refused = random.ints(40, 0, 500).distinct().mapToObj(Integer::toString).toList();
    store.refuses = refused::contains;
    source.deliver(payloads);
    IngestCounts counts = engine().run();
    assertThat(counts)
        .as("seed %d", seed)
        .isEqualTo(new IngestCounts(500 - refused.size(), 0, refused.size()));
    assertThat(store.records).hasSize(500 - refused.size()).doesNotContainAnyElementsOf(refused);
    assertThat(source.acked).containsExactly(payloads);
  }

  @Test
  void survivesAnOutageWhileItIsolates() throws Exception {
    store.refuses =
        record -> {
          if (record.equals("b") && store.writes == 2) {
            store.down = true;
          }
          return record.equals("b");
        };
    clock.at(Duration.ofSeconds(30), () -> store.down = false);
    source.deliver("a", "b", "c", "d");
    IngestCounts counts = engine().run();
    assertThat(counts).isEqualTo(new IngestCounts(3, 0, 1));
    assertThat(store.rejected()).containsExactly("b: STORE_REJECTED");
  }

  @Test
  void treatsTheRefusalOfDeadLettersAloneAsAnOutage() throws Exception {
    options = options.withStoreDownLimit(Duration.ofSeconds(10));
    source.deliver("bad");
    IngestEngine<String> engine =
        IngestEngine.builder(
                source,
                new FakeDecoder(text -> {}),
                batch -> {
                  throw new RecordRefusedException("no", new IllegalStateException());
                })
            .options(options)
            .clock(clock)
            .build();
    assertThatThrownBy(engine::run).isInstanceOf(GaveUpException.class);
    assertThat(source.handedBack).containsExactly("bad");
  }

  // A store that is down

  @Test
  void acksNothingWhileTheStoreIsDownAndGoesOnWhenItIsBack() throws Exception {
    store.down = true;
    source.deliver("a", "bad");
    IngestEngine<String> engine = engine();
    clock.at(
        Duration.ofMinutes(9),
        () -> {
          assertThat(source.acked).isEmpty();
          assertThat(source.handedBack).isEmpty();
          assertThat(engine.counts()).isEqualTo(IngestCounts.ZERO);
          assertThat(engine.unreadyBecause()).contains("the store is down: the disk is gone");
        });
    clock.at(Duration.ofMinutes(10), () -> store.down = false);
    assertThat(engine.run()).isEqualTo(new IngestCounts(1, 0, 1));
    assertThat(source.acked).containsExactly("a", "bad");
    assertThat(engine.unreadyBecause()).isEmpty();
    assertThat(listener.calls)
        .filteredOn(call -> call.startsWith("up"))
        .singleElement()
        .satisfies(
            call ->
                assertThat(Duration.parse(call.substring(3))).isBetween(minutes(10), minutes(11)));
  }

  @Test
  void growsTheWaitsToTheirCapAndJittersThem() throws Exception {
    store.down = true;
    source.deliver("a");
    clock.at(Duration.ofHours(1), () -> store.down = false);
    engine().run();
    long full = 50;
    for (Duration wait : clock.waits()) {
      assertThat(wait).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
      full = Math.min(2 * full, 5_000);
    }
    List<Duration> capped = clock.waits().subList(10, clock.waits().size());
    assertThat(capped).doesNotHaveDuplicates();
    assertThat(store.writes).as("an hour of tries").isBetween(720, 1_500);
  }

  @Test
  void waitsBetweenTriesAsLongAsTold() throws Exception {
    options = options.withRetryWaits(Duration.ofSeconds(1), Duration.ofSeconds(4));
    store.down = true;
    source.deliver("a");
    clock.at(Duration.ofMinutes(1), () -> store.down = false);
    engine().run();
    long full = 1;
    for (Duration wait : clock.waits()) {
      assertThat(wait).isBetween(Duration.ofMillis(full * 500), Duration.ofSeconds(full));
      full = Math.min(2 * full, 4);
    }
    assertThat(clock.waits()).hasSizeGreaterThan(14);
  }

  @Test
  void tellsItsListenerOfEveryTryThatFailed() throws Exception {
    store.down = true;
    source.deliver("a");
    clock.at(Duration.ofMinutes(1), () -> store.down = false);
    engine().run();
    assertThat(listener.calls)
        .filteredOn(call -> call.startsWith("down"))
        .hasSameSizeAs(clock.waits());
    assertThat(listener.calls)
        .filteredOn(call -> call.startsWith("down"))
        .first()
        .isEqualTo("down PT0S " + clock.waits().get(0));
  }

  @Test
  void isUpAgainWhenTheStoreRefusesARecordAfterAnOutage() throws Exception {
    store.down = true;
    store.refuses = "b"::equals;
    source.deliver("a", "b");
    clock.at(Duration.ofMinutes(1), () -> store.down = false);
    IngestEngine<String> engine = engine();
    assertThat(engine.run()).isEqualTo(new IngestCounts(1, 0, 1));
    assertThat(engine.unreadyBecause()).isEmpty();
    assertThat(listener.calls).filteredOn(call -> call.startsWith("up")).hasSize(1);
  }

  @Test
  void triesOftenEvenWhenItIsToGiveUp() throws Exception {
    options = options.withStoreDownLimit(Duration.ofMinutes(10));
    store.down = true;
    source.deliver("a");
    clock.at(Duration.ofSeconds(30), () -> store.down = false);
    clock.at(
        Duration.ofSeconds(36), () -> assertThat(source.acked).as("at 36 s").containsExactly("a"));
    engine().run();
    assertThat(source.acked).containsExactly("a");
  }

  @Test
  void startsWithShortWaitsInEveryOutage() throws Exception {
    options = options.withIdleLimit(Duration.ofMinutes(2));
    store.down = true;
    source.deliver("a");
    clock.at(Duration.ofMinutes(5), () -> store.down = false);
    clock.at(
        Duration.ofMinutes(5).plusSeconds(7),
        () -> {
          store.down = true;
          source.deliver("b");
        });
    clock.at(Duration.ofMinutes(6), () -> store.down = false);
    engine().run();
    assertThat(clock.waits()).filteredOn(wait -> wait.toMillis() <= 50).hasSize(2);
    assertThat(store.records).containsExactly("a", "b");
  }

  @Test
  void treatsEveryOtherFailureOfAStoreAsAnOutage() throws Exception {
    source.deliver("a");
    int[] tries = {0};
    IngestEngine.builder(
            source,
            new FakeDecoder(text -> {}),
            batch -> {
              if (tries[0]++ < 3) {
                throw new NullPointerException();
              }
              return store.write(batch);
            })
        .options(options)
        .clock(clock)
        .build()
        .run();
    assertThat(store.records).containsExactly("a");
    assertThat(source.acked).containsExactly("a");
  }

  @Test
  void endsAtOnceWhenThisProgramCanNotUseTheStoreAnyMore() {
    source.deliver("a", "b");
    IngestEngine<String> engine =
        IngestEngine.<String>builder(
                source,
                new FakeDecoder(text -> {}),
                batch -> {
                  throw new UnusableStoreException("a newer version has written it");
                })
            .options(options)
            .clock(clock)
            .build();
    assertThatThrownBy(engine::run)
        .isInstanceOf(UnusableStoreException.class)
        .hasMessage("a newer version has written it");
    assertThat(clock.sinceStart()).isEqualTo(Duration.ZERO);
    assertThat(source.acked).isEmpty();
    assertThat(source.handedBack).containsExactly("a", "b");
  }

  @Test
  void givesUpWhenToldToAndHandsBack() {
    options = options.withStoreDownLimit(Duration.ofSeconds(30));
    store.down = true;
    source.deliver("a", "b");
    IngestEngine<String> engine = engine();
    assertThatThrownBy(engine::run)
        .isInstanceOf(GaveUpException.class)
        .hasMessage("gave up on the store after 30 s: the disk is gone");
    assertThat(clock.sinceStart()).isEqualTo(Duration.ofSeconds(30));
    assertThat(source.acked).isEmpty();
    assertThat(source.handedBack).containsExactly("a", "b");
    assertThat(source.stopped).isTrue();
  }

  // Stopping

  @Test
  void stopsAtOnceWhileIdle() throws Exception {
    options = IngestOptions.defaults();
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofSeconds(3), engine::stop);
    assertThat(engine.run()).isEqualTo(IngestCounts.ZERO);
    assertThat(clock.sinceStart()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void doesNotStartWhenItWasStoppedBefore() throws Exception {
    source.deliver("a");
    IngestEngine<String> engine = engine();
    engine.stop();
    assertThat(engine.run()).isEqualTo(IngestCounts.ZERO);
    assertThat(story).isEmpty();
  }

  @Test
  void finishesTheBatchInHandWhenStopped() throws Exception {
    options = options.withMaxBatch(2);
    source.deliver("a", "b", "c");
    IngestEngine<String> engine = engine();
    store.refuses =
        record -> {
          engine.stop();
          return false;
        };
    assertThat(engine.run()).isEqualTo(new IngestCounts(2, 0, 0));
    assertThat(source.acked).containsExactly("a", "b");
    assertThat(source.waiting()).isEqualTo(1);
  }

  @Test
  void handsBackWhenTheStoreStaysDownUntilTheStopTime() throws Exception {
    store.down = true;
    source.deliver("a", "bad");
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofSeconds(60), engine::stop);
    assertThat(engine.run()).isEqualTo(IngestCounts.ZERO);
    assertThat(clock.sinceStart()).isEqualTo(Duration.ofSeconds(68));
    assertThat(source.acked).isEmpty();
    assertThat(source.handedBack).containsExactly("a", "bad");
    assertThat(listener.calls).endsWith("handed back 2");
  }

  @Test
  void handsBackAfterTheStopTimeThatItWasTold() throws Exception {
    options = options.withStopWithin(Duration.ofSeconds(2));
    store.down = true;
    source.deliver("a");
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofSeconds(60), engine::stop);
    engine.run();
    assertThat(clock.sinceStart()).isEqualTo(Duration.ofSeconds(62));
    assertThat(source.handedBack).containsExactly("a");
  }

  @Test
  void triesOnceMoreAtOnceWhenStopped() throws Exception {
    store.down = true;
    source.deliver("a");
    IngestEngine<String> engine = engine();
    clock.at(
        Duration.ofSeconds(60),
        () -> {
          store.down = false;
          engine.stop();
        });
    assertThat(engine.run()).isEqualTo(new IngestCounts(1, 0, 0));
    assertThat(clock.sinceStart()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void writesWhatIsInHandWhenTheStoreComesBackWithinTheStopTime() throws Exception {
    store.down = true;
    source.deliver("a");
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofSeconds(60), engine::stop);
    clock.at(Duration.ofSeconds(63), () -> store.down = false);
    assertThat(engine.run()).isEqualTo(new IngestCounts(1, 0, 0));
    assertThat(source.acked).containsExactly("a");
    assertThat(clock.sinceStart()).isLessThan(Duration.ofSeconds(68));
  }

  @Test
  void handsBackTheWholeBatchWhenTheStopTimeEndsWhileItIsolates() throws Exception {
    store.refuses =
        record -> {
          store.down |= record.equals("b") && store.writes == 4;
          return record.equals("b");
        };
    source.deliver("a", "b", "c", "d");
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofSeconds(60), engine::stop);
    engine.run();
    assertThat(source.acked).isEmpty();
    assertThat(source.handedBack).containsExactly("a", "b", "c", "d");
    assertThat(listener.calls).endsWith("handed back 4");
  }

  @Test
  void heedsTheFirstOfTwoStops() throws Exception {
    store.down = true;
    source.deliver("a");
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofSeconds(60), engine::stop);
    clock.at(Duration.ofSeconds(65), engine::stop);
    engine.run();
    assertThat(clock.sinceStart()).isEqualTo(Duration.ofSeconds(68));
  }

  @Test
  void handsBackAtOnceWhenInterrupted() {
    store.down = true;
    source.deliver("a");
    clock.at(Duration.ofSeconds(60), () -> Thread.currentThread().interrupt());
    IngestEngine<String> engine = engine();
    assertThatThrownBy(engine::run).isInstanceOf(InterruptedException.class);
    assertThat(clock.sinceStart()).isEqualTo(Duration.ofSeconds(60));
    assertThat(source.handedBack).containsExactly("a");
    assertThat(source.stopped).isTrue();
  }

  @Test
  void endsWhenTheSourceFails() {
    SourceException gone = new SourceException("the subscription is gone");
    clock.at(
        Duration.ofSeconds(1),
        () -> {
          throw gone;
        });
    IngestEngine<String> engine = engine();
    assertThatThrownBy(engine::run).isSameAs(gone);
    assertThat(source.stopped).isTrue();
  }

  // Limits

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7})
  void settlesExactlyAsManyAsToldAndLeavesTheRest(int limit) throws Exception {
    options = options.withMaxBatch(3).withMaxDeliveries(limit);
    source.deliver("a", "b", "bad", "a", "e", "f", "g", "h");
    IngestCounts counts = engine().run();
    assertThat(counts.settled()).isEqualTo(limit);
    assertThat(source.acked).hasSize(limit);
    assertThat(source.waiting()).isEqualTo(8 - limit);
    assertThat(source.stopped).isTrue();
    assertThat(clock.sinceStart()).isZero();
  }

  @Test
  void endsWhenNothingArrivedForTheIdleTime() throws Exception {
    clock.at(Duration.ofSeconds(4), () -> source.deliver("a"));
    clock.at(Duration.ofMillis(8_999), () -> source.deliver("b"));
    engine().run();
    assertThat(store.records).containsExactly("a", "b");
    assertThat(clock.sinceStart()).isEqualTo(Duration.ofMillis(13_999));
  }

  @Test
  void doesNotTakeADisconnectedSourceForAnIdleOne() throws Exception {
    source.connected = false;
    IngestEngine<String> engine = engine();
    clock.at(
        Duration.ofSeconds(59),
        () -> assertThat(engine.unreadyBecause()).contains("the source is not connected"));
    clock.at(Duration.ofSeconds(60), () -> source.connected = true);
    clock.at(Duration.ofSeconds(62), () -> source.connected = false);
    clock.at(Duration.ofSeconds(70), () -> source.connected = true);
    engine.run();
    assertThat(clock.sinceStart()).isBetween(Duration.ofMillis(74_900), Duration.ofMillis(75_100));
  }

  @Test
  void doesNotTakeASourceForIdleWhileAMessageArrivesSlowly() throws Exception {
    source.arriving = true;
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofSeconds(59), () -> assertThat(engine.unreadyBecause()).isEmpty());
    clock.at(
        Duration.ofSeconds(60),
        () -> {
          source.arriving = false;
          source.deliver("slow");
        });
    engine.run();
    assertThat(source.acked).containsExactly("slow");
    assertThat(clock.sinceStart()).isBetween(Duration.ofMillis(64_900), Duration.ofMillis(65_100));
  }

  @Test
  void countsIdleTimeFromTheEndOfAnOutage() throws Exception {
    store.down = true;
    source.deliver("a");
    clock.at(Duration.ofMinutes(1), () -> store.down = false);
    engine().run();
    assertThat(clock.sinceStart()).isBetween(Duration.ofSeconds(65), Duration.ofSeconds(71));
  }

  @Test
  void runsOnWithoutAnIdleLimit() throws Exception {
    options = IngestOptions.defaults();
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofDays(7), () -> source.deliver("late"));
    clock.at(Duration.ofDays(8), engine::stop);
    engine.run();
    assertThat(source.acked).containsExactly("late");
  }

  @Test
  void refusesLimitsOfNothing() {
    IngestOptions defaults = IngestOptions.defaults();
    assertThat(defaults.withMaxBatch(1).withMaxDeliveries(1).maxBatch()).isEqualTo(1);
    assertThatThrownBy(() -> defaults.withMaxBatch(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit out of range: 0 (1 or more)");
    assertThatThrownBy(() -> defaults.withMaxDeliveries(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }

  private static final class FakeListener implements IngestListener {
    final List<String> calls = new ArrayList<>();
    Runnable onBatch = () -> {};

    @Override
    public void batchSettled(IngestCounts batch, IngestCounts total) {
      onBatch.run();
      calls.add("settled " + batch + " of " + total);
    }

    @Override
    public void rejected(Message message, Reason reason, String detail) {
      calls.add("rejected " + message.id() + " " + reason + " " + detail);
    }

    @Override
    public void storeDown(RuntimeException failure, Duration downFor, Duration nextTry) {
      calls.add("down " + downFor + " " + nextTry);
    }

    @Override
    public void storeUp(Duration downFor) {
      calls.add("up " + downFor);
    }

    @Override
    public void handedBack(int deliveries) {
      calls.add("handed back " + deliveries);
    }
  }
}
