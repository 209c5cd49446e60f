package io.github.miniscan.bench.parts;

import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.WriteResult;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A run of the {@link IngestEngine} over ten thousand deliveries that wait in memory, into an
 * {@link InMemoryScanStore} that knows them all: nanoseconds for each delivery.
 *
 * <p>{@code engine} is to be compared with {@code byHand}, which decodes and writes the same
 * without an engine: the difference is what the engine costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class IngestBenchmark {

  private static final int DELIVERIES = 10_000;
  private static final Instant PUBLISHED = Instant.parse("2026-06-01T00:00:00Z");

  private final Decoder<ScanRecord> decoder = new JsonScanDecoder();
  private final InMemoryScanStore store = new InMemoryScanStore();
  private final List<Delivery> deliveries =
      Stream.generate(new TrafficGenerator(TrafficOptions.realistic(1).withMalformed(0))::next)
          .limit(DELIVERIES)
          .<Delivery>map(made -> new Waiting(new Message("1", made.payload(), Map.of(), PUBLISHED)))
          .toList();

  private record Waiting(Message message) implements Delivery {
    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public void ack() {}

    @Override
    public void nack() {}
  }

  /** Gives deliveries in the order of a list. */
  private static final class ListSource implements MessageSource {
    private final List<Delivery> deliveries;
    private int at;

    ListSource(List<Delivery> deliveries) {
      this.deliveries = deliveries;
    }

    @Override
    public List<Delivery> receive(int maxDeliveries, Duration maxWait) {
      int from = at;
      at = Math.min(deliveries.size(), from + maxDeliveries);
      return deliveries.subList(from, at);
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
  }

  @Benchmark
  @OperationsPerInvocation(DELIVERIES)
  public IngestCounts engine() throws InterruptedException {
    return IngestEngine.builder(new ListSource(deliveries), decoder, store)
        .options(IngestOptions.defaults().withMaxDeliveries(DELIVERIES))
        .build()
        .run();
  }

  @Benchmark
  @OperationsPerInvocation(DELIVERIES)
  public WriteResult byHand() throws RejectedException {
    List<Decoded<ScanRecord>> records = new ArrayList<>(DELIVERIES);
    for (Delivery delivery : deliveries) {
      Message message = delivery.message();
      records.add(new Decoded<>(message, decoder.decode(message)));
    }
    WriteResult result = store.write(Batch.of(records, List.of()));
    deliveries.forEach(Delivery::ack);
    return result;
  }
}
