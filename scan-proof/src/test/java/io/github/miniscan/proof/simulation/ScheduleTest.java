package io.github.miniscan.proof.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final int ENOUGH = 500;

  @Test
  void replaysTheSameStepsFromTheSameSeed() {
    assertThat(stepsOf(42)).isNotEmpty().isEqualTo(stepsOf(42)).isNotEqualTo(stepsOf(43));
  }

  @Test
  void givesTheFirstOfManySchedulesTheSeedOfThemAll() {
    assertThat(Schedule.seedOf(42, 0)).isEqualTo(42);
    assertThat(Schedule.seedOf(42, 1)).isNotNegative().isNotEqualTo(Schedule.seedOf(43, 1));
  }

  @Test
  void catchesAnEngineThatAcksBeforeItWrites() {
    assertCaught(Rig.NONE.withSource(AckingAtOnce::new), "acks what is not durable");
  }

  @Test
  void catchesAnEngineThatTakesAFailureForASuccess() {
    assertCaught(
        withWriter(
            (store, batch) -> {
              try {
                return store.write(batch);
              } catch (RecordRefusedException e) {
                throw e;
              } catch (StoreException e) {
                return all(batch);
              }
            }),
        "acks what is not durable");
  }

  @Test
  void catchesAnEngineThatForgetsDeadLetters() {
    assertCaught(
        withWriter((store, batch) -> store.write(Batch.of(batch.records(), List.of()))),
        "writes no outcome of m");
  }

  @Test
  void catchesAStoreThatCommitsNothing() {
    assertCaught(withWriter((store, batch) -> all(batch)), "acks what is not durable");
  }

  @Test
  void catchesAStoreThatMiscounts() {
    assertCaught(
        withWriter(
            (store, batch) -> {
              WriteResult written = store.write(batch);
              return WriteResult.of(written.stored() + 1, written.stale());
            }),
        "the two must add up");
  }

  @Test
  void catchesAnEngineThatTriesAgainWithoutAWait() {
    assertCaught(
        withWriter(
            (store, batch) -> {
              try {
                return store.write(batch);
              } catch (RecordRefusedException e) {
                throw e;
              } catch (StoreException e) {
                return store.write(batch);
              }
            }),
        "tries again without a wait");
  }

  @Test
  void catchesAnEngineThatGivesADeliveryTheOutcomeOfItsNeighbour() {
    assertCaught(
        withWriter((store, batch) -> store.write(Batch.of(shifted(batch), batch.deadLetters()))),
        "writes what is no outcome of a delivery in hand");
  }

  @Test
  void catchesAnEngineThatChangesTheOrderOfDeliveries() {
    assertCaught(
        withWriter(
            (store, batch) -> {
              List<Decoded<ScanRecord>> records = new ArrayList<>(batch.records());
              Collections.reverse(records);
              return store.write(Batch.of(records, batch.deadLetters()));
            }),
        "in its place");
  }

  @Test
  void catchesAnEngineThatKeepsWhatItFetchedAheadWhenItEnds() {
    assertCaught(Rig.NONE.withSource(KeepingWhatIsAhead::new), "ends without settling");
  }

  /** The records, each with the message of the next one. */
  private static List<Decoded<ScanRecord>> shifted(Batch<ScanRecord> batch) {
    List<Decoded<ScanRecord>> records = batch.records();
    List<Decoded<ScanRecord>> shifted = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      Message neighbour = records.get((i + 1) % records.size()).message();
      shifted.add(new Decoded<>(neighbour, records.get(i).record()));
    }
    return shifted;
  }

  private static List<String> stepsOf(long seed) {
    List<String> steps = new ArrayList<>();
    new Schedule(seed, Rig.NONE).run(new Tally(), steps::add);
    return steps;
  }

  private static WriteResult all(Batch<ScanRecord> batch) {
    return WriteResult.of(batch.records().size(), 0);
  }

  private interface Writing {
    WriteResult write(BatchWriter<ScanRecord> store, Batch<ScanRecord> batch);
  }

  private static Rig withWriter(Writing writing) {
    UnaryOperator<BatchWriter<ScanRecord>> broken = store -> batch -> writing.write(store, batch);
    return Rig.NONE.withWriter(broken);
  }

  private static void assertCaught(Rig broken, String how) {
    assertThat(
            LongStream.range(0, ENOUGH)
                .mapToObj(seed -> complaintOf(seed, broken))
                .filter(complaint -> complaint.contains(how))
                .findFirst())
        .hasValueSatisfying(complaint -> assertThat(complaint).contains("--seed"));
  }

  private static String complaintOf(long seed, Rig rig) {
    try {
      new Schedule(seed, rig).run(new Tally(), null);
      return "";
    } catch (BrokenPromiseException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** As an engine would look from outside that acks what it has received, and then writes it. */
  private record AckingAtOnce(MessageSource source) implements MessageSource {
    @Override
    public List<Delivery> receive(int maxDeliveries, Duration maxWait) throws InterruptedException {
      List<Delivery> deliveries = source.receive(maxDeliveries, maxWait);
      deliveries.forEach(Delivery::ack);
      return deliveries;
    }

    @Override
    public boolean isConnected() {
      return source.isConnected();
    }

    @Override
    public void stop() {
      source.stop();
    }

    @Override
    public void close() {
      source.close();
    }
  }

  /** Deliveries that are received without a wait cannot be handed back. */
  private record KeepingWhatIsAhead(MessageSource source) implements MessageSource {
    @Override
    public List<Delivery> receive(int maxDeliveries, Duration maxWait) throws InterruptedException {
      List<Delivery> deliveries = source.receive(maxDeliveries, maxWait);
      return maxWait.isZero() ? deliveries.stream().<Delivery>map(Kept::new).toList() : deliveries;
    }

    @Override
    public boolean isConnected() {
      return source.isConnected();
    }

    @Override
    public void stop() {
      source.stop();
    }

    @Override
    public void close() {
      source.close();
    }
  }

  private record Kept(Delivery delivery) implements Delivery {
    @Override
    public Message message() {
      return delivery.message();
    }

    @Override
    public int attempt() {
      return delivery.attempt();
    }

    @Override
    public void ack() {
      delivery.ack();
    }

    @Override
    public void nack() {}
  }
}
