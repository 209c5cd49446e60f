package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.TrafficPortions.Portion;
import io.github.miniscan.testkit.google.GoogleEmulator;
import io.github.miniscan.traffic.Oracle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A contestant that lives as long as Google's emulator does, and settles one portion of messages
 * after the other from a subscription of its own. It is paused while a portion is published, and
 * while others have their turn.
 *
 * <p>That emulator does not say how many were acked. But it is busy until it has the last ack, so a
 * portion ends when it falls idle.
 */
final class PortionedRun implements AutoCloseable {

  private static final long POLL_MILLIS = 20;

  /** Idle is who uses hardly anything of so much time. */
  private static final Duration IDLE_FOR = Duration.ofSeconds(1);

  private static final Duration HARDLY = Duration.ofMillis(30);

  /** What the emulator uses of a message at the least is five times as much. */
  private static final Duration OF_A_MESSAGE = Duration.ofNanos(5_000);

  /** What the emulator gives who does not ask for another one, and a little more. */
  private static final Duration LEASE = Duration.ofSeconds(12);

  private final HarnessOptions options;
  private final GoogleEmulator emulator;
  private final ProcessUsage emulatorUsage;
  private final Contestant contestant;
  private final String topic;
  private final Path database;
  private final ChildProcess process;

  private PortionedRun(
      HarnessOptions options,
      GoogleEmulator emulator,
      Contestant contestant,
      String topic,
      Path database,
      ChildProcess process) {
    this.options = options;
    this.emulator = emulator;
    this.emulatorUsage = new ProcessUsage(emulator.handle());
    this.contestant = contestant;
    this.topic = topic;
    this.database = database;
    this.process = process;
  }

  /** Starts a contestant on a subscription of its own, and pauses it. */
  static PortionedRun start(HarnessOptions options, GoogleEmulator emulator, Contestant contestant)
      throws IOException, InterruptedException {
    String topic = contestant.name().replace(' ', '-');
    String subscription = topic + "-sub";
    emulator.createSubscription(Server.PROJECT, topic, subscription);
    Path database = options.directory().resolve(topic + ".db");
    DatabaseFiles.delete(database);
    Contestant.Task task =
        new Contestant.Task(emulator.endpoint(), Server.PROJECT, subscription, database);
    ChildProcess process =
        ChildProcess.start(
            contestant.name(),
            contestant.launch().command(task),
            contestant.launch().environment(task),
            options.directory().resolve(topic + ".log"));
    PortionedRun run = new PortionedRun(options, emulator, contestant, topic, database, process);
    try {
      run.awaitIdle();
      process.pause();
      return run;
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  String name() {
    return contestant.name();
  }

  /** What one portion took. */
  record Cost(Duration time, Duration cpu, Duration emulatorCpu) {

    Cost plus(Cost other) {
      return new Cost(
          time.plus(other.time), cpu.plus(other.cpu), emulatorCpu.plus(other.emulatorCpu));
    }
  }

  /** Publishes a portion at a rate that leaves little waiting, and has it settled meanwhile. */
  void warmUp(Portion portion, int rate) throws IOException, InterruptedException {
    process.resume();
    publish(portion, rate);
    awaitIdle();
    process.pause();
  }

  /** Publishes a portion, and then measures how it is settled. */
  Cost settle(Portion portion) throws IOException, InterruptedException {
    publish(portion, Publisher.UNLIMITED);
    awaitIdle();
    DatabaseFiles.warm(database);
    Duration cpu = process.usage().cpu();
    Duration emulatorCpu = emulatorUsage.cpu();
    long start = System.nanoTime();
    process.resume();
    Duration end = awaitIdle(emulatorCpu.plus(OF_A_MESSAGE.multipliedBy(portion.count())));
    Cost cost =
        new Cost(
            Duration.ofNanos(end.toNanos() - start),
            process.usage().cpu().minus(cpu),
            emulatorUsage.cpu().minus(emulatorCpu));
    process.pause();
    return cost;
  }

  private void publish(Portion portion, int rate) throws IOException, InterruptedException {
    new Publisher(options).publish(emulator.endpoint(), topic, portion.file(), rate);
  }

  private void awaitIdle() throws InterruptedException {
    awaitIdle(Duration.ZERO);
  }

  /**
   * Waits until the emulator has nothing to do.
   *
   * @param atLeast so much CPU it has used by then
   * @return since when, on the clock of {@link System#nanoTime}
   */
  private Duration awaitIdle(Duration atLeast) throws InterruptedException {
    Deque<Sample> samples = new ArrayDeque<>();
    while (true) {
      Sample now = new Sample(Duration.ofNanos(System.nanoTime()), emulatorUsage.cpu());
      samples.add(now);
      // What is left of the samples begins where the emulator had hardly anything more to do.
      while (now.cpu().minus(samples.element().cpu()).compareTo(HARDLY) > 0) {
        samples.remove();
      }
      Duration idleSince = samples.element().at();
      if (now.cpu().compareTo(atLeast) >= 0 && now.at().minus(idleSince).compareTo(IDLE_FOR) >= 0) {
        return idleSince;
      }
      if (!process.isAlive()) {
        throw process.died();
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private record Sample(Duration at, Duration cpu) {}

  /**
   * Ends it, and tells what is wrong with what it kept; empty when nothing is. Before that it gets
   * the time in which messages come back that a call had taken while the caller was paused.
   *
   * @param oracle knows everything that it was given
   */
  String fault(Oracle oracle) throws IOException, InterruptedException {
    process.resume();
    Thread.sleep(LEASE.toMillis());
    awaitIdle();
    process.close();
    return contestant.check().faultOf(database, oracle);
  }

  @Override
  public void close() throws IOException {
    try {
      process.resume();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.close();
    DatabaseFiles.delete(database);
  }
}
