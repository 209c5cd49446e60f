package io.github.miniscan.bench.harness;

import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.traffic.TrafficGenerator;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decodes the same messages again and again, and prints the CPU time of each in microseconds, once
 * the code is warm. In a process of its own, since it costs less with the collector that {@code
 * consume} has.
 */
public final class DecodeProcess {

  private DecodeProcess() {}

  /**
   * Runs to the end.
   *
   * @param args the traffic's seed, how many messages, of how many keys, and how many times they
   *     are decoded before it counts, and then as often again
   */
  public static void main(String[] args) {
    int count = Integer.parseInt(args[1]);
    Traffic traffic = new Traffic(Long.parseLong(args[0]), count, Integer.parseInt(args[2]), 0);
    int passes = Integer.parseInt(args[3]);
    List<Message> messages = messages(traffic);
    Decoder<ScanRecord> decoder = new JsonScanDecoder(Duration.ofHours(24), InstantSource.system());
    decode(decoder, messages, passes);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    long decoded = decode(decoder, messages, passes);
    long nanos = threads.getCurrentThreadCpuTime() - before;
    System.out.printf(Locale.ROOT, "micros %.4f%n", nanos / 1e3 / decoded);
  }

  private static List<Message> messages(Traffic traffic) {
    TrafficGenerator generator = new TrafficGenerator(traffic.options());
    Instant published = traffic.options().baseTime();
    List<Message> messages = new ArrayList<>(traffic.count());
    for (int i = 0; i < traffic.count(); i++) {
      messages.add(
          new Message(Integer.toString(i), generator.next().payload(), Map.of(), published));
    }
    return messages;
  }

  private static long decode(Decoder<ScanRecord> decoder, List<Message> messages, int passes) {
    long decoded = 0;
    for (int pass = 0; pass < passes; pass++) {
      for (Message message : messages) {
        try {
          decoded += decoder.decode(message).key().port() >= 0 ? 1 : 0;
        } catch (RejectedException e) {
          throw new HarnessException("good traffic was rejected: " + e.getMessage(), e);
        }
      }
    }
    return decoded;
  }
}
