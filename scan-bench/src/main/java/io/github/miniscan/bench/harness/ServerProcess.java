package io.github.miniscan.bench.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.pubsub.v1.Subscription;
import io.github.miniscan.pubsub.emulator.EmulatorOptions;
import io.github.miniscan.pubsub.emulator.Journal;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.SubscriptionCounts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The Pub/Sub server of the harness: our emulator in a process of its own, which answers each line
 * of its standard input by one of its standard output, and ends with its input.
 */
public final class ServerProcess {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final PubSubEmulator emulator;

  private ServerProcess(PubSubEmulator emulator) {
    this.emulator = emulator;
  }

  /**
   * Runs until its input ends.
   *
   * @param args how many messages the journal is to hold
   */
  public static void main(String[] args) throws IOException {
    EmulatorOptions options =
        EmulatorOptions.defaults()
            // It counts a message in each subscription, and here many have the same.
            .withMaxBacklogBytes(Long.MAX_VALUE)
            .withJournal(Integer.parseInt(args[0]));
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    try (PubSubEmulator emulator = PubSubEmulator.start(options);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      ServerProcess server = new ServerProcess(emulator);
      out.println(emulator.endpoint());
      String line;
      while ((line = in.readLine()) != null) {
        out.println(server.answer(line.split(" ")));
      }
    }
  }

  private String answer(String[] words) {
    return switch (words[0]) {
      case "topic" -> {
        emulator.createTopic(PubSubEmulator.KIT_PROJECT, words[1]);
        yield "";
      }
      case "subscription" -> {
        emulator.createSubscription(
            Subscription.newBuilder()
                .setName(fullName(words[1]))
                .setTopic("projects/" + PubSubEmulator.KIT_PROJECT + "/topics/" + words[2])
                .setAckDeadlineSeconds(Integer.parseInt(words[3]))
                .build());
        yield "";
      }
      case "acked" -> await(words, SubscriptionCounts::acked);
      case "published" -> await(words, SubscriptionCounts::published);
      case "deliveries" ->
          deliveries(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
      case "latencies" -> latencies(words[1], Long.parseLong(words[2]));
      default -> throw new IllegalArgumentException("unknown command: " + words[0]);
    };
  }

  private static String fullName(String subscription) {
    return "projects/" + PubSubEmulator.KIT_PROJECT + "/subscriptions/" + subscription;
  }

  /** Waits for a count, but no longer than told; then says what it is, and when that was. */
  private String await(String[] words, ToLongFunction<SubscriptionCounts> count) {
    long wanted = Long.parseLong(words[2]);
    long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[3]));
    while (true) {
      long reached = count.applyAsLong(emulator.counts(PubSubEmulator.KIT_PROJECT, words[1]));
      long now = System.nanoTime();
      if (reached >= wanted || now - giveUp >= 0) {
        return String.format(Locale.ROOT, "%d %d", reached, now);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** How often messages were delivered, and how many acked, of those in a range. */
  private String deliveries(String subscription, int from, int to) {
    List<Journal.Entry> range =
        emulator.journal().entries(fullName(subscription)).subList(from, to);
    long delivered = range.stream().mapToLong(entry -> entry.deliveredAt().size()).sum();
    long acked = range.stream().filter(entry -> entry.ackedAt().isPresent()).count();
    return String.format(Locale.ROOT, "%d %d", delivered, acked);
  }

  /** Milliseconds from publishing to the ack, of each message that was acked, in that order. */
  private String latencies(String subscription, long skip) {
    return emulator.journal().entries(fullName(subscription)).stream()
        .skip(skip)
        .filter(entry -> entry.ackedAt().isPresent())
        .map(ServerProcess::latency)
        .collect(Collectors.joining(" "));
  }

  private static String latency(Journal.Entry entry) {
    long acked = entry.ackedAt().orElseThrow().toEpochMilli();
    return Long.toString(acked - entry.publishedAt().toEpochMilli());
  }
}
