package io.github.miniscan.bench.parts;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.traffic.ToyScanner;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * {@link JsonScanDecoder#decode} of one message: payload to record, or to the reason why not.
 *
 * <p>{@code traffic} is what a consumer pays per message on average; to be compared with what it
 * has per message in all (a hundred thousand messages a second are 10 µs each), and with {@code
 * tokens}: Jackson reading the same messages to no purpose. {@code scan} shows how it depends on
 * version and size. {@code malformed} shows what an attacker can make it cost; to be compared with
 * a message that is right.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {

  private static final Instant PUBLISHED = Instant.parse("2026-06-01T00:00:00Z");
  private static final int SEED = 1;

  private static Message message(byte[] payload) {
    return new Message("1", payload, Map.of(), PUBLISHED);
  }

  /** Messages to decode, one after the other and again from the first. */
  private static final class Carousel {
    private static final int SIZE = 4_096;

    private final Message[] messages;
    private int at;

    Carousel(Stream<byte[]> payloads) {
      messages = payloads.limit(SIZE).map(DecodeBenchmark::message).toArray(Message[]::new);
    }

    Message next() {
      at = (at + 1) & (SIZE - 1);
      return messages[at];
    }
  }

  /** What messages are like. */
  public enum Kind {
    /** The kit's toy scanner. */
    KIT,
    /** A scanner in good health. */
    REALISTIC,
    /** The same with an unknown field at the end. */
    FURTHER_FIELD,
    /** A tenth malformed, a third of the rest oddly written. */
    NASTY;

    private Stream<byte[]> payloads() {
      return switch (this) {
        case KIT -> Stream.generate(new ToyScanner(SEED, InstantSource.fixed(PUBLISHED))::next);
        case REALISTIC -> payloads(TrafficOptions.realistic(SEED));
        case FURTHER_FIELD -> REALISTIC.payloads().map(Kind::withFurtherField);
        case NASTY -> payloads(TrafficOptions.nasty(SEED));
      };
    }

    private static byte[] withFurtherField(byte[] payload) {
      String scan = new String(payload, UTF_8).stripTrailing();
      return (scan.substring(0, scan.length() - 1) + ",\"scanner\":\"de-1\"}").getBytes(UTF_8);
    }

    private static Stream<byte[]> payloads(TrafficOptions options) {
      return Stream.generate(new TrafficGenerator(options)::next).map(TrafficMessage::payload);
    }
  }

  /** Messages of a kind. */
  @State(Scope.Thread)
  public static class Traffic {
    @Param Kind kind;
    Carousel messages;

    @Setup
    public void make() {
      messages = new Carousel(kind.payloads());
    }
  }

  /** One message of a version and a size. */
  @State(Scope.Benchmark)
  public static class Scan {
    @Param({"1", "2"})
    int version;

    @Param({"10", "200", "100000"})
    int responseBytes;

    Message message;

    @Setup
    public void make() {
      String line = "HTTP/1.1 200 OK\r\n";
      String response = line.repeat(responseBytes / line.length() + 1).substring(0, responseBytes);
      String data =
          version == 1
              ? "\"response_bytes_utf8\":\""
                  + Base64.getEncoder().encodeToString(response.getBytes(US_ASCII))
              : "\"response_str\":\"" + response.replace("\r", "\\r").replace("\n", "\\n");
      message =
          message(
              ("{\"ip\":\"198.51.100.7\",\"port\":443,\"service\":\"HTTPS\",\"timestamp\":"
                      + PUBLISHED.getEpochSecond()
                      + ",\"data_version\":"
                      + version
                      + ",\"data\":{"
                      + data
                      + "\"}}")
                  .getBytes(US_ASCII));
    }
  }

  /** Messages to be rejected for one reason. */
  @State(Scope.Thread)
  public static class Malformed {
    @Param({
      "MALFORMED_JSON",
      "MISSING_FIELD",
      "UNSUPPORTED_DATA_VERSION",
      "INVALID_IP",
      "INVALID_PORT",
      "INVALID_SERVICE",
      "INVALID_TIMESTAMP",
      "FUTURE_TIMESTAMP",
      "INVALID_DATA"
    })
    String code;

    Carousel messages;

    @Setup
    public void make() {
      Reason reason = new Reason(code);
      TrafficOptions options =
          TrafficOptions.nasty(SEED).withDuplicates(0).withTies(0).withLate(0).withMalformed(1);
      messages =
          new Carousel(
              Stream.generate(new TrafficGenerator(options)::next)
                  .filter(message -> message.reason().filter(reason::equals).isPresent())
                  .map(TrafficMessage::payload));
    }
  }

  private final JsonScanDecoder decoder = new JsonScanDecoder();
  private final JsonFactory factory = new JsonFactory();

  @Benchmark
  public Object traffic(Traffic traffic) {
    return outcome(traffic.messages.next());
  }

  @Benchmark
  public void tokens(Traffic traffic, Blackhole read) throws IOException {
    try (JsonParser json = factory.createParser(traffic.messages.next().payload())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isScalarValue()) {
          read.consume(json.getText());
        }
      }
    } catch (JsonProcessingException malformed) {
      read.consume(malformed);
    }
  }

  @Benchmark
  public ScanRecord scan(Scan scan) throws RejectedException {
    return decoder.decode(scan.message);
  }

  @Benchmark
  public Object malformed(Malformed malformed) {
    return outcome(malformed.messages.next());
  }

  private Object outcome(Message message) {
    try {
      return decoder.decode(message);
    } catch (RejectedException e) {
      return e;
    }
  }
}
