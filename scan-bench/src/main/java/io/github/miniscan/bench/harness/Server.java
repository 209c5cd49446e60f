package io.github.miniscan.bench.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The harness's end of a {@link ServerProcess}. For one thread. */
final class Server implements AutoCloseable {

  /** The project of every topic and subscription. */
  static final String PROJECT = "test-project";

  /** Longer than anybody holds a message, so that nobody gets one twice; less than a stall. */
  private static final int ACK_DEADLINE_SECONDS = 30;

  private final ChildProcess process;
  private final BufferedReader answers;
  private final BufferedWriter commands;
  private final String endpoint;

  private Server(ChildProcess process) throws IOException {
    this.process = process;
    this.answers = process.process().inputReader(UTF_8);
    this.commands = process.process().outputWriter(UTF_8);
    this.endpoint = line();
  }

  /**
   * Starts a server.
   *
   * @param gigabytes of heap for the messages, where they are many
   * @param journal how many messages it notes the times of
   */
  static Server start(HarnessOptions options, int gigabytes, int journal) throws IOException {
    int heap = options.size(gigabytes, 1);
    List<String> command = new ArrayList<>(Java.command());
    // All at once: a heap that grows is collected as a whole each time, and meanwhile a pull of the
    // clients may be over, whose messages then come again only when their lease has run out.
    command.add("-Xms" + heap + "g");
    command.add("-Xmx" + heap + "g");
    command.addAll(Java.main(ServerProcess.class));
    command.add(Integer.toString(journal));
    ChildProcess process =
        ChildProcess.startPiped("the server", command, options.directory().resolve("server.log"));
    try {
      return new Server(process);
    } catch (IOException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  String endpoint() {
    return endpoint;
  }

  ProcessUsage usage() {
    return process.usage();
  }

  void topic(String topic) throws IOException {
    ask("topic " + topic);
  }

  void subscription(String subscription, String topic) throws IOException {
    subscription(subscription, topic, ACK_DEADLINE_SECONDS);
  }

  void subscription(String subscription, String topic, int ackDeadlineSeconds) throws IOException {
    ask("subscription " + subscription + " " + topic + " " + ackDeadlineSeconds);
  }

  /**
   * A count and when it was seen.
   *
   * @param nanos by the server's {@link System#nanoTime()}
   */
  record Mark(long count, long nanos) {

    /** How many a second from another mark on. */
    double perSecondSince(Mark earlier) {
      return (count - earlier.count) * 1e9 / (nanos - earlier.nanos);
    }
  }

  /** Waits until so many were acked, but no longer than so many milliseconds. */
  Mark acked(String subscription, long wanted, long millis) throws IOException {
    return mark(ask("acked " + subscription + " " + wanted + " " + millis));
  }

  /** Waits until so many were published, but no longer than so many milliseconds. */
  Mark published(String subscription, long wanted, long millis) throws IOException {
    return mark(ask("published " + subscription + " " + wanted + " " + millis));
  }

  private static Mark mark(String answer) {
    String[] words = answer.split(" ");
    return new Mark(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  /** How often messages were delivered altogether, and how many of them acked. */
  record Deliveries(long delivered, long acked) {}

  /** Of the messages in a range, by the order of publishing; needs the journal. */
  Deliveries deliveries(String subscription, int from, int to) throws IOException {
    String[] words = ask("deliveries " + subscription + " " + from + " " + to).split(" ");
    return new Deliveries(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  /** Milliseconds from publishing to the ack, of all messages but the first so many. */
  double[] latencies(String subscription, long skip) throws IOException {
    String[] words = ask("latencies " + subscription + " " + skip).split(" ");
    double[] millis = new double[words[0].isEmpty() ? 0 : words.length];
    for (int i = 0; i < millis.length; i++) {
      millis[i] = Double.parseDouble(words[i]);
    }
    return millis;
  }

  private String ask(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    return line();
  }

  private String line() throws IOException {
    @Nullable String line = answers.readLine();
    if (line == null) {
      process.close();
      throw process.died();
    }
    return line;
  }

  @Override
  public void close() {
    process.close();
  }
}
