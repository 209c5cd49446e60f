package io.github.miniscan.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.WriteResult;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stores that are wrong in one thing each, as real ones have been, and the tests that notice. */
class StoreFaultsTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void isNoticed(String fault, Supplier<ScanStore> store, Consumer<ScanStoreContract> test) {
    test.accept(contractOf(new ForwardingStore()));
    assertThatThrownBy(() -> test.accept(contractOf(store.get())))
        .isInstanceOfAny(AssertionError.class, StoreException.class);
  }

  private static ScanStoreContract contractOf(ScanStore only) {
    return () -> only;
  }

  static Stream<Arguments> isNoticed() {
    return Stream.of(
        // Writing
        fault(
            "the last write wins",
            () -> writing(StoreFaultsTest::lastOfEachKey),
            UpsertContract::keepsTheNewerScanWhicheverArrivesFirst),
        fault(
            "one message is taken for all",
            () -> writing(records -> records.subList(0, Math.min(1, records.size()))),
            BatchWriterContract::takesALargeBatch),
        fault(
            "everything counts as stored",
            StoreFaultsTest::countingAllAsStored,
            BatchWriterContract::countsARecordAsStaleWhenItChangesNothingAndTheStoreCanTell),
        fault(
            "a response ends at NUL",
            () -> writing(each(record -> withResponse(record, StoreFaultsTest::upToNul))),
            UpsertContract::keepsNulWhereverItIsInAResponse),
        fault(
            "a response ends after 8 MiB",
            () -> writing(each(record -> withResponse(record, StoreFaultsTest::upTo8MiB))),
            UpsertContract::keepsTheLargestResponses),
        fault(
            "a service is kept without its white space",
            () -> writing(each(StoreFaultsTest::stripped)),
            UpsertContract::tellsServicesApartToTheLetter),
        // Reading
        fault(
            "services are in the order of UTF-16",
            () -> reading((store, query) -> store.find(query).sorted(BY_UTF_16)),
            ScanReaderContract::ordersByFamilyThenAddressThenPortThenServiceBytes),
        fault(
            "reads everything into memory",
            () -> reading((store, query) -> copies(store.find(query)).stream()),
            ScanReaderContract::readsARecordWithoutReadingThemAll),
        fault(
            "begins an answer with the key after which it continues",
            () -> reading(StoreFaultsTest::beginningWithAfter),
            ScanReaderContract::answersEveryQueryAsALookAtEveryRecordWould),
        fault(
            "limits what it looks at instead of what it finds",
            () ->
                reading(
                    (store, query) ->
                        query.answer(store.find(ScanQuery.all()).limit(query.limit()))),
            ScanReaderContract::answersEveryQueryAsALookAtEveryRecordWould),
        fault(
            "compares IPv4 addresses as signed numbers",
            () -> reading(StoreFaultsTest::withSignedAddresses),
            ScanReaderContract::answersEveryQueryAsALookAtEveryRecordWould),
        fault(
            "finds the newest in the order of keys",
            () ->
                reading(
                    (store, query) ->
                        store.find(ScanQuery.of(query.filter()).withLimit(query.limit()))),
            ScanReaderContract::readsTheNewestOfRecordsThatChange),
        fault(
            "takes no more than 32,766 values",
            () -> reading(StoreFaultsTest::withFewValues),
            ScanReaderContract::answersAQueryOfThousandsOfValues),
        fault(
            "ends a stream when it is closed",
            StoreFaultsTest::endingWhenClosed,
            ScanStoreContract::aStreamDoesNotEndEarlyWhenItsStoreIsClosed),
        fault(
            "goes on after it was closed",
            StoreFaultsTest::neverClosed,
            ScanStoreContract::throwsUnusableStoreExceptionWhenUsedAfterItWasClosed),
        // Dead letters
        fault(
            "knows the reasons of scans alone",
            () -> keeping(StoreFaultsTest::withKnownReason),
            DeadLettersContract::keepsEveryReasonItsOwnOrNot),
        fault(
            "a payload ends after 8 MiB",
            () -> keeping(StoreFaultsTest::withShortPayload),
            DeadLettersContract::keepsADeadLetterWhole),
        fault(
            "takes prefixes for patterns",
            () -> finding(StoreFaultsTest::withPattern),
            DeadLettersContract::findsDeadLettersByTheBeginningOfTheirIds),
        fault(
            "compares prefixes without regard to case",
            () -> finding(query -> query.withIdPrefix(query.idPrefix().toLowerCase(Locale.ROOT))),
            DeadLettersContract::findsDeadLettersByTheBeginningOfTheirIds),
        fault(
            "compares times in seconds",
            () ->
                finding(
                    query ->
                        query.receivedSince().getNano() == 0
                            ? query
                            : query.withReceivedSince(
                                query.receivedSince().minusNanos(query.receivedSince().getNano()))),
            DeadLettersContract::findsDeadLettersByEveryPartOfAQuery),
        fault(
            "reads every dead letter into memory",
            StoreFaultsTest::copyingLetters,
            DeadLettersContract::readsADeadLetterWithoutReadingThemAll),
        fault(
            "removes regardless of the limit",
            () -> removing(query -> query.withLimit(Long.MAX_VALUE)),
            DeadLettersContract::removesDeadLettersByEveryPartOfAQuery),
        fault(
            "removes one page",
            () -> removing(query -> query.withLimit(Math.min(4_096, query.limit()))),
            DeadLettersContract::removesManyDeadLettersWhileOthersWrite));
  }

  private static Arguments fault(
      String fault, Supplier<ScanStore> store, Test<ScanStoreContract> test) {
    Consumer<ScanStoreContract> run =
        contract -> {
          try {
            test.run(contract);
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };
    return arguments(fault, store, run);
  }

  private interface Test<T> {
    void run(T contract) throws Exception;
  }

  // Writing

  private static ScanStore writing(UnaryOperator<List<Decoded<ScanRecord>>> change) {
    return new ForwardingStore() {
      @Override
      public WriteResult write(Batch<ScanRecord> batch) {
        super.write(
            Batch.of(change.apply(batch.records()), batch.deadLetters())
                .withReplayed(batch.replayed()));
        return WriteResult.of(batch.records().size(), 0);
      }
    };
  }

  private static UnaryOperator<List<Decoded<ScanRecord>>> each(UnaryOperator<ScanRecord> change) {
    return records ->
        records.stream()
            .map(decoded -> new Decoded<>(decoded.message(), change.apply(decoded.record())))
            .toList();
  }

  /** As an INSERT OR REPLACE does: each write is of a later second than those before. */
  private static List<Decoded<ScanRecord>> lastOfEachKey(List<Decoded<ScanRecord>> records) {
    return each(record ->
            new ScanRecord(
                record.key(), record.firstScanned(), System.nanoTime(), record.response()))
        .apply(records);
  }

  private static ScanStore countingAllAsStored() {
    return writing(UnaryOperator.identity());
  }

  private static ScanRecord withResponse(ScanRecord record, UnaryOperator<byte[]> change) {
    return new ScanRecord(
        record.key(),
        record.firstScanned(),
        record.lastScanned(),
        Response.wrap(change.apply(record.response().bytes())));
  }

  private static byte[] upToNul(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static byte[] upTo8MiB(byte[] bytes) {
    return Arrays.copyOf(bytes, Math.min(bytes.length, 8 << 20));
  }

  private static ScanRecord stripped(ScanRecord record) {
    ScanKey key = record.key();
    return new ScanRecord(
        new ScanKey(key.ip(), key.port(), key.service().strip()),
        record.firstScanned(),
        record.lastScanned(),
        record.response());
  }

  // Reading

  private interface Find {
    Stream<ScanRecord> find(ScanStore store, ScanQuery query);
  }

  private static final Comparator<ScanRecord> BY_UTF_16 =
      Comparator.comparing((ScanRecord record) -> record.key().ip())
          .thenComparing(record -> record.key().port())
          .thenComparing(record -> record.key().service());

  private static ScanStore reading(Find find) {
    return new ForwardingStore() {
      @Override
      public Stream<ScanRecord> find(ScanQuery query) {
        return find.find(store, query);
      }
    };
  }

  private static List<ScanRecord> copies(Stream<ScanRecord> records) {
    return records.map(record -> withResponse(record, byte[]::clone)).toList();
  }

  private static Stream<ScanRecord> beginningWithAfter(ScanStore store, ScanQuery query) {
    if (query.after().isEmpty()) {
      return store.find(query);
    }
    ScanKey after = query.after().get();
    return store
        .find(ScanQuery.of(query.filter()))
        .filter(record -> record.key().compareTo(after) >= 0)
        .limit(query.limit());
  }

  private static Stream<ScanRecord> withSignedAddresses(ScanStore store, ScanQuery query) {
    Stream<ScanRecord> rows =
        store
            .find(ScanQuery.all())
            .filter(
                record ->
                    query.filter().ips().isEmpty()
                        || query.filter().ips().get().stream()
                            .anyMatch(
                                range ->
                                    signed(range.first()) <= signed(record.key().ip())
                                        && signed(record.key().ip()) <= signed(range.last())));
    return query.answer(rows);
  }

  private static long signed(IpAddress ip) {
    return ip.isV4() ? (int) ip.low() : ip.high();
  }

  private static Stream<ScanRecord> withFewValues(ScanStore store, ScanQuery query) {
    ScanFilter filter = query.filter();
    int values = filter.ips().map(List::size).orElse(0) + filter.ports().map(List::size).orElse(0);
    if (values > 32_766) {
      throw new StoreException("too many SQL variables");
    }
    return store.find(query);
  }

  private static ScanStore endingWhenClosed() {
    return new ForwardingStore() {
      private volatile boolean closed;

      @Override
      public Stream<ScanRecord> find(ScanQuery query) {
        return super.find(query).takeWhile(record -> !closed);
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  private static ScanStore neverClosed() {
    return new ForwardingStore() {
      @Override
      public void close() {}
    };
  }

  // Dead letters

  private static ScanStore keeping(UnaryOperator<DeadLetter> change) {
    return new ForwardingStore() {
      @Override
      public WriteResult write(Batch<ScanRecord> batch) {
        return super.write(
            Batch.of(batch.records(), batch.deadLetters().stream().map(change).toList()));
      }
    };
  }

  private static DeadLetter withKnownReason(DeadLetter letter) {
    Set<Reason> known = new HashSet<>(Reason.OF_SCANS);
    Reason reason = known.contains(letter.reason()) ? letter.reason() : Reason.INTERNAL_ERROR;
    return new DeadLetter(
        letter.id(), reason, letter.detail(), letter.message(), letter.receivedAt());
  }

  private static DeadLetter withShortPayload(DeadLetter letter) {
    return withPayload(letter, upTo8MiB(letter.message().payload()));
  }

  private static ScanStore finding(UnaryOperator<DeadLetterQuery> change) {
    return new ForwardingStore() {
      @Override
      public Stream<DeadLetter> findDeadLetters(DeadLetterQuery query) {
        return super.findDeadLetters(change.apply(query));
      }
    };
  }

  private static DeadLetterQuery withPattern(DeadLetterQuery query) {
    return query.withIdPrefix(query.idPrefix().replace("%", ""));
  }

  private static ScanStore copyingLetters() {
    return new ForwardingStore() {
      @Override
      public Stream<DeadLetter> findDeadLetters(DeadLetterQuery query) {
        return super.findDeadLetters(query)
            .map(letter -> withPayload(letter, letter.message().payload().clone()))
            .toList()
            .stream();
      }
    };
  }

  private static DeadLetter withPayload(DeadLetter letter, byte[] payload) {
    Message whole = letter.message();
    Message message =
        new Message(whole.id(), payload, whole.attributes(), whole.publishTime().orElse(null));
    return new DeadLetter(
        letter.id(), letter.reason(), letter.detail(), message, letter.receivedAt());
  }

  private static ScanStore removing(UnaryOperator<DeadLetterQuery> change) {
    return new ForwardingStore() {
      @Override
      public long removeDeadLetters(DeadLetterQuery query) {
        return super.removeDeadLetters(change.apply(query));
      }
    };
  }
}
