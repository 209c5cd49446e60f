package io.github.miniscan.bench.parts;

import io.github.miniscan.IpAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/**
 * An address from text, once for each message, and back to text, once for each row that is written.
 *
 * <p>To be compared with {@link DecodeBenchmark}, of which {@code parse} is a part, and with each
 * other: neither a long address nor one that is none should cost more than a few times the usual.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AddressBenchmark {

  /** One text to parse. */
  @State(Scope.Benchmark)
  public static class Text {
    @Param({
      "198.51.100.7",
      "2001:db8::1",
      "2001:db8:85a3:8d3:1319:8a2e:370:7348",
      "::ffff:198.51.100.7",
      "198.51.100.256",
      "scanner.example"
    })
    String text;
  }

  /** One address to print. */
  @State(Scope.Benchmark)
  public static class Address {
    @Param({"198.51.100.7", "2001:db8::1", "2001:db8:85a3:8d3:1319:8a2e:370:7348"})
    String address;

    IpAddress parsed;

    @Setup
    public void parse() {
      parsed = IpAddress.parse(address);
    }
  }

  @Benchmark
  public @Nullable IpAddress parse(Text text) {
    return IpAddress.parseOrNull(text.text);
  }

  @Benchmark
  public String print(Address address) {
    return address.parsed.toString();
  }
}
