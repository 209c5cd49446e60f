package io.github.miniscan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.assertArg;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.UnusableStoreException;
import io.github.miniscan.store.WriteResult;
import java.lang.ref.WeakReference;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;

@Timeout(20)
class IngestEngineTest {

  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final int LARGE = 20_000;

  private final List<String> story = Collections.synchronizedList(new ArrayList<>());
  private final SimulatedClock clock = new SimulatedClock();
  private final FakeSource source = new FakeSource(clock, story);
  private final FakeStore store = new FakeStore(story);
  private final IngestListener listener = mock(IngestListener.class);
  private IngestOptions options = IngestOptions.defaults().withIdleLimit(IDLE);

  private IngestEngine<String> engine() {
    return builder().build();
  }

  private IngestEngine<String> engineWithExecutor() {
    return builder().decodeIn(ForkJoinPool.commonPool()).build();
  }

  /** Returns why the engine was not ready each time when a batch was settled. */
  private List<String> whenSettled(IngestEngine<String> engine) {
    List<String> unready = new ArrayList<>();
    doAnswer(call -> unready.add(engine.unreadyBecause().orElse("ready")))
        .when(listener)
        .batchSettled(any());
    return unready;
  }

  private IngestEngine.Builder<String> builder() {
    return IngestEngine.builder(source, new FakeDecoder(text -> story.add("decode " + text)), store)
        .options(options)
        .listener(listener)
        .withoutLogging()
        .clock(clock)
        .jitter(new Random(1));
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
    assertThat(counts).isEqualTo(IngestCounts.of(2, 1, 3)).isEqualTo(engine.counts());
    assertThat(counts.settled()).isEqualTo(6).isEqualTo(source.acked.size());
  }

  @Test
  void tellsItsListenerWhatBecameOfEachBatch() throws Exception {
    options = options.withMaxBatch(2);
    source.deliver("a", "bad", "b");
    engine().run();
    InOrder order = inOrder(listener);
    order.verify(listener).rejected(letter("2", Reason.INVALID_DATA, "it says bad"));
    order
        .verify(listener)
        .batchSettled(settled(IngestCounts.of(1, 0, 1), IngestCounts.of(1, 0, 1)));
    order
        .verify(listener)
        .batchSettled(settled(IngestCounts.of(1, 0, 0), IngestCounts.of(2, 0, 1)));
    order.verifyNoMoreInteractions();
  }

  @Test
  void acksOnlyAfterTheListenerCouldStillSeeItDurable() throws Exception {
    source.deliver("a");
    doAnswer(
            settled -> {
              assertThat(store.records).containsExactlyElementsOf(source.acked);
              return null;
            })
        .when(listener)
        .batchSettled(any());
    engine().run();
    assertThat(source.acked).containsExactly("a");
    verify(listener).batchSettled(any());
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
    assertThat(counts).isEqualTo(IngestCounts.of(2, 0, 1));
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
              return WriteResult.of(batch.records().size(), 0);
            })
        .options(options)
        .decodeIn(ForkJoinPool.commonPool())
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
    IngestEngine<String> engine = engineWithExecutor();
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
              return WriteResult.of(batch.records().size(), 0);
            })
        .options(options)
        .decodeIn(ForkJoinPool.commonPool())
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
        .decodeIn(ForkJoinPool.commonPool())
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
            .decodeIn(ForkJoinPool.commonPool())
            .clock(clock)
            .build());
    assertThat(engines.get(0).run()).isEqualTo(IngestCounts.of(5_000, 0, 0));
    assertThat(source.acked).containsExactly(numbers(0, 5_000));
    assertThat(source.handedBack).containsExactly(numbers(5_000, 10_000));
  }

  @Test
  void handsBackWhatIsAheadWhenItGivesUp() {
    options = options.withMaxBatch(5_000).withStoreDownLimit(Duration.ofSeconds(10));
    store.down = true;
    source.deliver(numbers(0, 7_000));
    IngestEngine<String> engine = engineWithExecutor();
    assertThatThrownBy(engine::run).isInstanceOf(GaveUpException.class);
    assertThat(source.acked).isEmpty();
    assertThat(source.handedBack).containsExactly(numbers(0, 7_000));
  }

  @Test
  void fetchesNoMoreAheadThanItMaySettle() throws Exception {
    options = options.withMaxBatch(5_000).withMaxDeliveries(7_000);
    source.deliver(numbers(0, 12_000));
    assertThat(engineWithExecutor().run().settled()).isEqualTo(7_000);
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
    IngestEngine<String> engine = engineWithExecutor();
    assertThatThrownBy(engine::run).isInstanceOf(SourceException.class);
    assertThat(source.acked).containsExactly(numbers(0, 5_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"out of memory", "no class"})
  void endsOnAnErrorOfTheJvmAheadWithOnlyTheBatchBeforeAcked(String fatal) {
    options = options.withMaxBatch(5_000);
    source.deliver(numbers(0, 5_000));
    source.deliver("a", fatal, "b");
    IngestEngine<String> engine = engineWithExecutor();
    assertThatThrownBy(engine::run).isInstanceOf(Error.class).hasStackTraceContaining("simulated");
    assertThat(source.acked).containsExactly(numbers(0, 5_000));
    assertThat(store.records).hasSize(5_000);
  }

  @Test
  void fetchesNothingAheadBesideASmallBatch() throws Exception {
    options = options.withMaxBatch(2);
    source.deliver("a", "b", "c");
    engineWithExecutor().run();
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
    assertThat(counts).isEqualTo(IngestCounts.of(4, 0, 2));
    assertThat(store.records).containsExactlyInAnyOrder("a", "b", "d", "e");
    assertThat(store.rejected())
        .containsExactlyInAnyOrder("bad: INVALID_DATA", "c: STORE_REJECTED");
    assertThat(store.letters.values()).noneMatch(letter -> letter.detail().contains("\u001b"));
    assertThat(source.acked).containsExactly("a", "b", "c", "bad", "d", "e");
    verify(listener).rejected(letter("3", Reason.STORE_REJECTED, "too \\u001b[31mred"));
    verify(listener, never()).storeDown(any());
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
        .isEqualTo(IngestCounts.of(500 - refused.size(), 0, refused.size()));
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
    assertThat(counts).isEqualTo(IngestCounts.of(3, 0, 1));
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
    List<String> unready = whenSettled(engine);
    clock.at(
        Duration.ofMinutes(9),
        () -> {
          assertThat(source.acked).isEmpty();
          assertThat(source.handedBack).isEmpty();
          assertThat(engine.counts()).isEqualTo(IngestCounts.ZERO);
          assertThat(engine.unreadyBecause()).contains("the store is down: the disk is gone");
        });
    clock.at(Duration.ofMinutes(10), () -> store.down = false);
    assertThat(engine.run()).isEqualTo(IngestCounts.of(1, 0, 1));
    assertThat(source.acked).containsExactly("a", "bad");
    assertThat(unready).containsExactly("ready");
    assertThat(engine.unreadyBecause()).contains("the engine has ended");
    verify(listener)
        .storeUp(assertArg(up -> assertThat(up.downFor()).isBetween(minutes(10), minutes(11))));
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
    ArgumentCaptor<IngestListener.StoreDown> down =
        ArgumentCaptor.forClass(IngestListener.StoreDown.class);
    verify(listener, times(clock.waits().size())).storeDown(down.capture());
    assertThat(down.getAllValues())
        .extracting(IngestListener.StoreDown::nextTry)
        .isEqualTo(clock.waits());
    assertThat(down.getAllValues().get(0).downFor()).isZero();
    assertThat(down.getAllValues().get(0).attempt()).isEqualTo(1);
  }

  @Test
  void isUpAgainWhenTheStoreRefusesARecordAfterAnOutage() throws Exception {
    store.down = true;
    store.refuses = "b"::equals;
    source.deliver("a", "b");
    clock.at(Duration.ofMinutes(1), () -> store.down = false);
    IngestEngine<String> engine = engine();
    List<String> unready = whenSettled(engine);
    assertThat(engine.run()).isEqualTo(IngestCounts.of(1, 0, 1));
    assertThat(unready).containsExactly("ready");
    verify(listener).storeUp(any());
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
    assertThat(engine.run()).isEqualTo(IngestCounts.of(2, 0, 0));
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
    verify(listener).handedBack(assertArg(back -> assertThat(back.deliveries()).isEqualTo(2)));
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
    assertThat(engine.run()).isEqualTo(IngestCounts.of(1, 0, 0));
    assertThat(clock.sinceStart()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void writesWhatIsInHandWhenTheStoreComesBackWithinTheStopTime() throws Exception {
    store.down = true;
    source.deliver("a");
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofSeconds(60), engine::stop);
    clock.at(Duration.ofSeconds(63), () -> store.down = false);
    assertThat(engine.run()).isEqualTo(IngestCounts.of(1, 0, 0));
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
    verify(listener).handedBack(assertArg(back -> assertThat(back.deliveries()).isEqualTo(4)));
  }

  @Test
  void handsBackTheWholeBatchWhenIsolatingTakesLongerThanTheStopTime() throws Exception {
    source.deliver(numbers(0, 64));
    IngestEngine<String> engine = engine();
    store.refuses =
        record -> {
          clock.pass(Duration.ofSeconds(1), () -> false);
          return true;
        };
    clock.at(Duration.ofSeconds(5), engine::stop);
    assertThat(engine.run()).isEqualTo(IngestCounts.ZERO);
    assertThat(clock.sinceStart()).isLessThan(Duration.ofSeconds(15));
    assertHandedBack(numbers(0, 64));
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

  // Faults of an embedder's parts

  @Test
  void makesADeadLetterOfAMessageOfWhichTheDecoderMakesNull() throws Exception {
    source.deliver("a", "b");
    IngestCounts counts =
        IngestEngine.builder(
                source,
                message -> new String(message.payload(), UTF_8).equals("a") ? null : "b",
                store)
            .options(options)
            .clock(clock)
            .build()
            .run();
    assertThat(counts).isEqualTo(IngestCounts.of(1, 0, 1));
    assertThat(store.rejected()).containsExactly("a: INTERNAL_ERROR");
    assertThat(store.letters.values().iterator().next().detail())
        .isEqualTo("the decoder returned null");
  }

  @Test
  void handsBackTheBatchWhenTheWriterThrowsAnError() {
    source.deliver("a", "b");
    IngestEngine<String> engine =
        IngestEngine.<String>builder(
                source,
                new FakeDecoder(text -> {}),
                batch -> {
                  throw new NoClassDefFoundError("com/acme/Missing");
                })
            .options(options)
            .clock(clock)
            .build();
    assertThatThrownBy(engine::run).isInstanceOf(NoClassDefFoundError.class);
    assertHandedBack("a", "b");
  }

  @ParameterizedTest
  @ValueSource(classes = {NoClassDefFoundError.class, IllegalStateException.class})
  @SuppressWarnings("unchecked")
  void handsBackTheBatchWhenTheRedactorThrows(Class<? extends Throwable> failure) {
    source.deliver("a", "bad");
    Function<Rejection, DeadLetter> redactor = mock(Function.class);
    when(redactor.apply(any())).thenThrow(failure);
    IngestEngine<String> engine = builder().deadLetters(redactor).build();
    assertThatThrownBy(engine::run).isInstanceOf(failure);
    assertHandedBack("a", "bad");
  }

  @Test
  void handsBackTheBatchWhenTheRedactorReturnsNull() {
    source.deliver("a", "bad");
    IngestListener watching = mock(IngestListener.class);
    IngestEngine<String> engine =
        builder().deadLetters(rejection -> null).listener(watching).build();
    assertThatThrownBy(engine::run)
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("dead letter");
    assertHandedBack("a", "bad");
    verifyNoInteractions(watching);
  }

  @Test
  void makesADeadLetterOfAMessageWhoseFailureCannotBeTold() throws Exception {
    source.deliver("a");
    engineWithDecoder(
            message -> {
              throw new IllegalStateException() {
                @Override
                public String getMessage() {
                  throw new UnsupportedOperationException();
                }
              };
            })
        .run();
    assertThat(store.rejected()).containsExactly("a: INTERNAL_ERROR");
    assertThat(source.acked).containsExactly("a");
  }

  @Test
  void makesADeadLetterOfAMessageThatTheDecoderRejectsForNoReason() throws Exception {
    source.deliver("a");
    engineWithDecoder(
            message -> {
              throw new RejectedException(null, "an unknown reason");
            })
        .run();
    assertThat(store.rejected()).containsExactly("a: INTERNAL_ERROR");
    assertThat(source.acked).containsExactly("a");
  }

  private IngestEngine<String> engineWithDecoder(Decoder<String> decoder) {
    return IngestEngine.builder(source, decoder, store).options(options).clock(clock).build();
  }

  @Test
  void handsBackTheBatchWhenAListenerThrowsBeforeTheAck() {
    source.deliver("a", "bad");
    IngestListener failing = mock(IngestListener.class);
    doThrow(new NoClassDefFoundError("metrics")).when(failing).rejected(any());
    IngestEngine<String> engine = builder().listener(failing).build();
    assertThatThrownBy(engine::run).isInstanceOf(NoClassDefFoundError.class);
    assertHandedBack("a", "bad");
  }

  @Test
  void endsWhenAListenerThrowsWhileTheStoreComesBack() {
    store.down = true;
    source.deliver("a");
    clock.at(Duration.ofSeconds(30), () -> store.down = false);
    IngestListener failing = mock(IngestListener.class);
    doThrow(new IllegalStateException("meter registry closed")).when(failing).storeUp(any());
    IngestEngine<String> engine = builder().listener(failing).build();
    assertThatThrownBy(engine::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("meter registry closed");
    assertHandedBack("a");
    assertThat(clock.sinceStart()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void endsWithNothingAckedWhenTheWriterReturnsNull() {
    source.deliver("a");
    IngestEngine<String> engine =
        IngestEngine.<String>builder(source, new FakeDecoder(text -> {}), batch -> null)
            .options(options)
            .clock(clock)
            .build();
    assertThatThrownBy(engine::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("null");
    assertHandedBack("a");
  }

  @Test
  void treatsACheckedExceptionOfAStoreAsAnOutage() throws Exception {
    source.deliver("a");
    int[] tries = {0};
    IngestEngine.builder(
            source,
            new FakeDecoder(text -> {}),
            batch -> {
              if (tries[0]++ < 3) {
                // As from a writer in Kotlin, which declares no exceptions.
                throw IngestEngineTest.<RuntimeException>undeclared(new SQLException("lost"));
              }
              return store.write(batch);
            })
        .options(options)
        .clock(clock)
        .build()
        .run();
    assertThat(source.acked).containsExactly("a");
  }

  @Test
  void handsBackWhenAWriterThrowsAnUndeclaredInterrupt() {
    source.deliver("a");
    IngestEngine<String> engine =
        IngestEngine.<String>builder(
                source,
                new FakeDecoder(text -> {}),
                batch -> {
                  throw IngestEngineTest.<RuntimeException>undeclared(new InterruptedException());
                })
            .options(options)
            .clock(clock)
            .build();
    assertThatThrownBy(engine::run).isInstanceOf(InterruptedException.class);
    assertHandedBack("a");
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> Error undeclared(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void showsAStrangersExceptionHarmlessly() {
    options = options.withStoreDownLimit(Duration.ofSeconds(1));
    source.deliver("a");
    List<String> told = new ArrayList<>();
    List<IngestEngine<String>> engines = new ArrayList<>();
    clock.at(
        Duration.ofMillis(1),
        () -> told.add(engines.get(0).unreadyBecause().orElse("nothing is said")));
    engines.add(
        IngestEngine.<String>builder(
                source,
                new FakeDecoder(text -> {}),
                batch -> {
                  throw new IllegalArgumentException("row \u001b[31m\n2");
                })
            .options(options)
            .clock(clock)
            .build());
    assertThatThrownBy(engines.get(0)::run)
        .isInstanceOf(GaveUpException.class)
        .hasMessage(
            "gave up on the store after 1 s:"
                + " java.lang.IllegalArgumentException: row \\u001b[31m\\n2");
    assertThat(told)
        .containsExactly(
            "the store is down: java.lang.IllegalArgumentException: row \\u001b[31m\\n2");
  }

  private void assertHandedBack(String... payloads) {
    assertThat(source.acked).isEmpty();
    assertThat(source.handedBack).containsExactly(payloads);
    assertThat(source.stopped).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void endsWithNothingAckedWhenTheCountsDoNotAddUp(int stored) {
    source.deliver("a", "b");
    IngestEngine<String> engine =
        IngestEngine.<String>builder(
                source, new FakeDecoder(text -> {}), batch -> WriteResult.of(stored, 0))
            .options(options)
            .clock(clock)
            .build();
    assertThatThrownBy(engine::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stored " + stored + ", stale 0 of 2 records");
    assertHandedBack("a", "b");
  }

  @Test
  void refusesASecondRun() throws Exception {
    IngestEngine<String> engine = engine();
    engine.run();
    assertThatThrownBy(engine::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("an engine runs once: build another one");
  }

  @Test
  void refusesMissingParts() {
    FakeDecoder decoder = new FakeDecoder(text -> {});
    assertThatThrownBy(() -> IngestEngine.builder(null, decoder, store))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> IngestEngine.builder(source, (Decoder<String>) null, store))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> IngestEngine.builder(source, decoder, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder().options(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder().listener(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder().clock(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder().jitter(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder().decodeIn(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder().deadLetters(null)).isInstanceOf(NullPointerException.class);
  }

  // The end of a run

  @Test
  void isWaitedForUntilItHasEnded() throws Exception {
    IngestEngine<String> engine = engine();
    assertThat(engine.awaitEnd(Duration.ZERO)).isFalse();
    engine.run();
    assertThat(engine.awaitEnd(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
  }

  @Test
  void endsForThoseWhoWaitWhenItFails() {
    source.deliver("a");
    IngestEngine<String> engine =
        IngestEngine.<String>builder(
                source,
                new FakeDecoder(text -> {}),
                batch -> {
                  throw new AssertionError("simulated");
                })
            .clock(clock)
            .build();
    assertThatThrownBy(engine::run).isInstanceOf(AssertionError.class);
    assertThat(engine.awaitEnd(Duration.ZERO)).isTrue();
    assertThat(engine.stalledBecause()).contains("the engine has ended");
  }

  @Test
  void staysInterruptedWhenItsEndIsWaitedForInAnInterruptedThread() {
    Thread.currentThread().interrupt();
    assertThat(engine().awaitEnd(Duration.ofDays(1))).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  // Liveness and the oldest delivery

  @Test
  void isAliveWhileItWaitsForDeliveriesOrForTheStore() throws Exception {
    options = options.withIdleLimit(null);
    source.deliver("a");
    IngestEngine<String> engine = engine();
    clock.at(minutes(600), engine::stop);
    store.down = true;
    List<Duration> looks = List.of(minutes(1), minutes(30), minutes(90), minutes(500));
    looks.forEach(look -> clock.at(look, () -> assertThat(engine.stalledBecause()).isEmpty()));
    clock.at(minutes(60), () -> store.down = false);
    assertThat(engine.stalledBecause()).as("before the run").isEmpty();
    engine.run();
  }

  @Test
  void isStalledWhenAWriteDoesNotReturn() throws Exception {
    source.deliver("a");
    List<IngestEngine<String>> engines = new ArrayList<>();
    engines.add(
        IngestEngine.<String>builder(
                source,
                new FakeDecoder(text -> {}),
                batch -> {
                  clock.pass(minutes(3), () -> false);
                  assertThat(engines.get(0).stalledBecause())
                      .contains("the engine has made no progress for 180 s");
                  assertThat(engines.get(0).oldestInHand()).contains(SimulatedClock.START);
                  return WriteResult.of(1, 0);
                })
            .options(options)
            .clock(clock)
            .build());
    engines.get(0).run();
    assertThat(engines.get(0).oldestInHand()).isEmpty();
  }

  @Test
  void endsForThoseWhoWaitWhenTheSourceCannotBeStopped() {
    MessageSource failing = mock(MessageSource.class);
    doThrow(new IllegalStateException("no connection")).when(failing).stop();
    IngestEngine<String> engine =
        IngestEngine.builder(failing, new FakeDecoder(text -> {}), store).options(options).build();
    assertThatThrownBy(engine::stop).hasMessage("no connection");
    assertThatThrownBy(engine::run).hasMessage("no connection");
    assertThat(engine.awaitEnd(Duration.ZERO)).isTrue();
  }

  @Test
  void doesNotWaitForItsEndWhenThereIsNoTimeLeft() {
    assertThat(engine().awaitEnd(Duration.ofSeconds(Long.MIN_VALUE))).isFalse();
  }

  @Test
  void isAliveWhileItDecodesSlowly() throws Exception {
    Duration aMessage = Duration.ofMillis(200);
    assertAlive(1_500, text -> clock.pass(aMessage, () -> false), rejection -> {});
  }

  @Test
  void isAliveWhileDeadLettersAreMadeSlowly() throws Exception {
    Duration aLetter = Duration.ofSeconds(10);
    assertAlive(30, text -> {}, rejection -> clock.pass(aLetter, () -> false));
  }

  /** Asserts that an engine never seems stalled while it rejects some messages, in one batch. */
  private void assertAlive(int messages, Consumer<String> decoding, Consumer<Rejection> rejecting)
      throws Exception {
    source.deliver(IntStream.range(0, messages).mapToObj(i -> "bad " + i).toArray(String[]::new));
    List<IngestEngine<String>> engines = new ArrayList<>();
    List<String> stalls = new ArrayList<>();
    Decoder<String> decoder =
        new FakeDecoder(
            text -> {
              decoding.accept(text);
              engines.get(0).stalledBecause().ifPresent(stalls::add);
            });
    engines.add(
        IngestEngine.builder(source, decoder, store)
            .options(options)
            .clock(clock)
            .deadLetters(
                rejection -> {
                  rejecting.accept(rejection);
                  engines.get(0).stalledBecause().ifPresent(stalls::add);
                  return rejection.toDeadLetter();
                })
            .build());
    engines.get(0).run();
    assertThat(source.acked).hasSize(messages);
    assertThat(clock.sinceStart()).isGreaterThan(minutes(4));
    assertThat(stalls).isEmpty();
  }

  // Events

  @Test
  void tellsEveryListenerInTheOrderInWhichTheyWereAdded() throws Exception {
    IngestListener first = mock(IngestListener.class);
    IngestListener second = mock(IngestListener.class);
    source.deliver("bad");
    builder().listener(first).listener(second).build().run();
    InOrder order = inOrder(first, second);
    order.verify(first).rejected(any());
    order.verify(second).rejected(any());
    order.verify(first).batchSettled(any());
    order.verify(second).batchSettled(any());
    order.verifyNoMoreInteractions();
  }

  @Test
  void tellsAListenerOfADeadLetterOnlyAfterItWasRedacted() throws Exception {
    IngestListener watching = mock(IngestListener.class);
    source.deliver("bad secret");
    builder().listener(watching).deadLetters(IngestEngineTest::redacted).build().run();
    verify(watching)
        .rejected(
            argThat(
                kept -> kept.detail().equals("redacted") && kept.message().payload().length == 0));
  }

  @Test
  void tellsAListenerOfARefusedRecordOnlyAfterItWasRedacted() throws Exception {
    IngestListener watching = mock(IngestListener.class);
    store.refuses = "secret"::equals;
    source.deliver("secret");
    builder().listener(watching).deadLetters(IngestEngineTest::redacted).build().run();
    verify(watching).rejected(argThat(kept -> kept.detail().equals("redacted")));
  }

  private static DeadLetter redacted(Rejection rejection) {
    return new DeadLetter(
        DeadLetter.idOf(rejection.message()),
        rejection.reason(),
        "redacted",
        new Message(rejection.message().id(), new byte[0], Map.of(), null),
        rejection.receivedAt());
  }

  @Test
  void tellsHowLongABatchTookAndWhenItsOldestMessageWasPublished() throws Exception {
    source.deliver("a", "b");
    IngestEngine.<String>builder(
            source,
            new FakeDecoder(text -> clock.pass(Duration.ofSeconds(1), () -> false)),
            batch -> {
              clock.pass(Duration.ofSeconds(7), () -> false);
              return WriteResult.of(2, 0);
            })
        .options(options)
        .clock(clock)
        .listener(listener)
        .build()
        .run();
    ArgumentCaptor<IngestListener.BatchSettled> settled =
        ArgumentCaptor.forClass(IngestListener.BatchSettled.class);
    verify(listener).batchSettled(settled.capture());
    IngestListener.BatchSettled only = settled.getValue();
    assertThat(only.decoding()).isEqualTo(Duration.ofSeconds(2));
    assertThat(only.writing()).isEqualTo(Duration.ofSeconds(7));
    assertThat(only.oldestPublished()).contains(SimulatedClock.START);
  }

  // Decoding ahead

  @Test
  void decodesInItsOwnThreadOnlyWithoutAnExecutor() throws Exception {
    source.deliver(numbers(0, LARGE));
    Set<Thread> decoding = ConcurrentHashMap.newKeySet();
    IngestEngine.builder(
            source, new FakeDecoder(text -> decoding.add(Thread.currentThread())), store)
        .options(options)
        .clock(clock)
        .build()
        .run();
    assertThat(decoding).containsExactly(Thread.currentThread());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void decodesItselfWhateverItsExecutorDoesNotBegin(boolean refuses) throws Exception {
    options = options.withDecodeAheadFrom(1).withMaxBatch(3);
    source.deliver("1", "2", "bad", "4", "5", "6", "7");
    builder()
        .decodeIn(
            task -> {
              if (refuses) {
                throw new RejectedExecutionException();
              }
            })
        .build()
        .run();
    assertThat(store.records).containsExactly("1", "2", "4", "5", "6", "7");
    assertThat(source.acked).containsExactly("1", "2", "bad", "4", "5", "6", "7");
    assertThat(store.rejected()).containsExactly("bad: INVALID_DATA");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void handsBackEverythingWhenTheExecutorFails(int failingTask) {
    options = options.withDecodeAheadFrom(1).withMaxBatch(2);
    source.deliver("a", "b", "c", "d", "e");
    AtomicInteger tasks = new AtomicInteger();
    IngestEngine<String> engine =
        builder()
            .decodeIn(
                task -> {
                  if (tasks.incrementAndGet() == failingTask) {
                    throw new IllegalStateException("simulated");
                  }
                })
            .build();
    assertThatThrownBy(engine::run).isInstanceOf(IllegalStateException.class);
    assertThat(source.acked).isEmpty();
    assertThat(source.handedBack).hasSize(5 - source.waiting());
  }

  @Test
  void settlesWhatASourceDeliversInOneListThatItUsesAgain() throws Exception {
    options = options.withDecodeAheadFrom(1).withMaxBatch(2);
    source.deliver("a", "b", "c", "d", "e");
    List<Delivery> always = new ArrayList<>();
    MessageSource reusing = mock(MessageSource.class, delegatesTo(source));
    doAnswer(
            call -> {
              always.clear();
              always.addAll(source.receive(call.getArgument(0), call.getArgument(1)));
              return always;
            })
        .when(reusing)
        .receive(anyInt(), any());
    IngestEngine.builder(reusing, new FakeDecoder(text -> {}), store)
        .options(options)
        .decodeIn(task -> {})
        .clock(clock)
        .build()
        .run();
    assertThat(source.acked).containsExactly("a", "b", "c", "d", "e");
    assertThat(store.records).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void decodesItselfWhateverItsExecutorCancels() throws Exception {
    options = options.withDecodeAheadFrom(1).withMaxBatch(2);
    source.deliver("a", "b", "c");
    builder()
        .decodeIn(
            task -> {
              // As Spring's executors do with waiting tasks when they are shut down.
              if (task instanceof Future<?> future) {
                future.cancel(true);
              }
            })
        .build()
        .run();
    assertThat(source.acked).containsExactly("a", "b", "c");
  }

  @Test
  void decodesNothingInTasksThatItsExecutorBeginsAfterTheEnd() throws Exception {
    options = options.withDecodeAheadFrom(1).withMaxBatch(2);
    List<Runnable> tasks = new ArrayList<>();
    source.deliver("a", "b", "c");
    IngestEngine<String> engine = builder().decodeIn(tasks::add).build();
    store.refuses =
        record -> {
          engine.stop();
          return false;
        };
    engine.run();
    assertThat(source.handedBack).containsExactly("c");
    assertThat(tasks).isNotEmpty();
    tasks.forEach(Runnable::run);
    assertThat(story).doesNotContain("decode c");
  }

  @Test
  void leavesNoMessageInTasksThatItsExecutorNeverBegins() throws Exception {
    options = options.withDecodeAheadFrom(1).withMaxBatch(2);
    List<Runnable> tasks = new ArrayList<>();
    List<WeakReference<Message>> messages = new ArrayList<>();
    source.deliver("a", "b", "c");
    IngestEngine.<String>builder(
            source,
            message -> {
              messages.add(new WeakReference<>(message));
              return "a record";
            },
            batch -> WriteResult.of(batch.records().size(), 0))
        .options(options)
        .decodeIn(tasks::add)
        .clock(clock)
        .build()
        .run();
    assertThat(messages).hasSize(3);
    while (messages.stream().anyMatch(message -> message.get() != null)) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(tasks).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void handsBackWhatItHasReceivedWhenItsExecutorFails(int tasksBefore) {
    options = options.withDecodeAheadFrom(1).withMaxBatch(2);
    int[] tasks = {0};
    source.deliver("a", "b", "c");
    IngestEngine<String> engine =
        builder()
            .decodeIn(
                task -> {
                  if (tasks[0]++ == tasksBefore) {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                })
            .build();
    assertThatThrownBy(engine::run).isInstanceOf(OutOfMemoryError.class);
    assertThat(source.acked).isEmpty();
    assertThat(source.handedBack).hasSize(3 - source.waiting());
    assertThat(source.stopped).isTrue();
  }

  @Test
  void handsBackWhatWasFetchedAheadWhenTheWriterFails() {
    options = options.withDecodeAheadFrom(1).withMaxBatch(2);
    source.deliver("a", "b", "c");
    IngestEngine<String> engine =
        IngestEngine.<String>builder(
                source,
                new FakeDecoder(text -> {}),
                batch -> {
                  throw new AssertionError("simulated");
                })
            .options(options)
            .decodeIn(Runnable::run)
            .clock(clock)
            .build();
    assertThatThrownBy(engine::run).isInstanceOf(AssertionError.class);
    assertHandedBack("a", "b", "c");
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
  void settlesWhatIsWaitingBeforeItIsIdle() throws Exception {
    options = options.withIdleLimit(Duration.ZERO).withMaxBatch(2);
    source.deliver("a", "b", "c");
    assertThat(engine().run().settled()).isEqualTo(3);
    assertThat(clock.sinceStart()).isZero();
  }

  @Test
  void waitsForTheConnectionHoweverShortItsIdleLimit() throws Exception {
    options = options.withIdleLimit(Duration.ZERO);
    source.connected = false;
    clock.at(
        minutes(60),
        () -> {
          source.connected = true;
          source.deliver("a");
        });
    engine().run();
    assertThat(source.acked).containsExactly("a");
  }

  @Test
  void doesNotSpinWhenAnotherHasStoppedTheSource() throws Exception {
    options = options.withIdleLimit(null);
    source.stopped = true;
    IngestEngine<String> engine = engine();
    clock.at(minutes(10), engine::stop);
    engine.run();
    assertThat(clock.sinceStart()).isEqualTo(minutes(10));
    assertThat(source.asked).hasSizeLessThan(10_000);
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
  void refusesWaitsThatWouldSpinOrFail() {
    IngestOptions defaults = IngestOptions.defaults();
    Duration second = Duration.ofSeconds(1);
    for (Duration first :
        List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofNanos(999_999))) {
      assertThatThrownBy(() -> defaults.withRetryWaits(first, second))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("retry waits out of range");
    }
    assertThatThrownBy(() -> defaults.withRetryWaits(second, second.minusNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> defaults.withRetryWaits(null, second))
        .isInstanceOf(NullPointerException.class);
    for (Duration negative : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
      assertThatThrownBy(() -> defaults.withStopWithin(negative))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> defaults.withIdleLimit(negative))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> defaults.withStoreDownLimit(negative))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void takesWaitsOfAnyLength() throws Exception {
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    options =
        options
            .withRetryWaits(forever, forever)
            .withStopWithin(forever)
            .withStoreDownLimit(forever);
    store.down = true;
    source.deliver("a");
    IngestEngine<String> engine = engine();
    clock.at(Duration.ofDays(1), engine::stop);
    clock.at(Duration.ofDays(2), () -> store.down = false);
    clock.at(Duration.ofDays(30_000), () -> {});
    engine.run();
    assertThat(source.acked).containsExactly("a");
  }

  @Test
  void refusesLimitsOfNothing() {
    IngestOptions defaults = IngestOptions.defaults();
    assertThat(defaults.withMaxBatch(1).withMaxDeliveries(1).maxBatch()).isEqualTo(1);
    assertThatThrownBy(() -> defaults.withMaxBatch(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batch size out of range: 0 (1 or more)");
    assertThatThrownBy(() -> defaults.withMaxDeliveries(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }

  private static DeadLetter letter(String messageId, Reason reason, String detail) {
    return argThat(
        kept ->
            kept.message().id().equals(messageId)
                && kept.reason().equals(reason)
                && kept.detail().equals(detail));
  }

  private static IngestListener.BatchSettled settled(IngestCounts batch, IngestCounts total) {
    return argThat(event -> event.batch().equals(batch) && event.total().equals(total));
  }
}
