package io.github.miniscan.proof.broker;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_TOPIC;

import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.process.AckedStore;
import io.github.miniscan.proof.process.TcpProxy;
import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.testkit.google.GoogleEmulator;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** Google's emulator restarts under a running consumer and has forgotten its topics. */
final class GoogleTrial {

  static final String WORDS = "Google's emulator restarts, and its topics are made again";

  private static final int SOME = 300;
  private static final int ATTEMPTS = 5;
  private static final Duration POLL = Duration.ofMillis(100);

  private final PullMode mode;
  private final Pace pace;
  private final Path file;
  private final AckedStore store;
  private final TrafficGenerator traffic;
  private final Oracle oracle = new Oracle();

  GoogleTrial(PullMode mode, Pace pace, long seed, Path directory) {
    this.mode = mode;
    this.pace = pace;
    file = directory.resolve("google-%s.db".formatted(mode));
    store = new AckedStore(file);
    traffic = new TrafficGenerator(TrafficOptions.nasty(seed));
  }

  /**
   * Lets it happen, and sees to it that all comes right.
   *
   * @throws BrokenPromiseException when it does not
   */
  @SuppressWarnings("try") // The first server ends early: that is what is tried.
  Fault.Outcome run() throws IOException, InterruptedException {
    try (GoogleEmulator first = start(port -> {});
        TcpProxy proxy = new TcpProxy(first.port());
        Consumer consumer = Consumer.start(proxy.address(), mode, pace, file)) {
      publish(first, draw());
      awaitAgreement(consumer);
      // Dead letters of messages that are published anew are new ones, so these are all scans.
      List<TrafficMessage> scans =
          draw().stream().filter(message -> message.record().isPresent()).toList();
      publish(first, scans);
      first.close();
      proxy.cut();
      Trial.pause(pace.hang());
      try (GoogleEmulator second = start(proxy::retarget)) {
        long made = System.nanoTime();
        publish(second, scans);
        publish(second, draw());
        awaitAgreement(consumer);
        Duration recovery = Duration.ofNanos(System.nanoTime() - made);
        long settled = consumer.counts().settled();
        consumer.stop();
        return new Fault.Outcome(
            WORDS, oracle.published(), Math.max(0, settled - oracle.published()), recovery);
      }
    } catch (BrokenPromiseException e) {
      throw new BrokenPromiseException(
          "%s, by %s pull: %s".formatted(WORDS, mode, e.getMessage()), e);
    }
  }

  /**
   * Starts one. Somebody else may have got its port while it started, and answer in its place.
   *
   * @param beforeTopics told its port before it has topics
   */
  private static GoogleEmulator start(IntConsumer beforeTopics) throws IOException {
    for (int attempt = 1; ; attempt++) {
      GoogleEmulator emulator = GoogleEmulator.start();
      try {
        beforeTopics.accept(emulator.port());
        emulator.createSubscription(KIT_PROJECT, KIT_TOPIC, KIT_SUBSCRIPTION);
        return emulator;
      } catch (IOException e) {
        emulator.close();
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private List<TrafficMessage> draw() {
    return Stream.generate(traffic::next).limit(SOME).toList();
  }

  private void publish(GoogleEmulator emulator, List<TrafficMessage> messages)
      throws InterruptedException {
    try (PubSubPublisher publisher =
        PubSubPublisher.open(PubSubServer.emulator(emulator.endpoint()), KIT_PROJECT, KIT_TOPIC)) {
      List<CompletableFuture<String>> confirmed = new ArrayList<>();
      for (TrafficMessage message : messages) {
        oracle.published(message);
        confirmed.add(publisher.publish(message.payload(), Map.of()));
      }
      confirmed.forEach(CompletableFuture::join);
    }
  }

  /** It can not be asked what was acked, so the store itself says when all has arrived. */
  private void awaitAgreement(Consumer consumer) throws InterruptedException {
    long end = System.nanoTime() + pace.patience().toNanos();
    while (true) {
      consumer.checkRunning();
      try {
        store.checkAll(oracle);
        return;
      } catch (BrokenPromiseException notYet) {
        if (System.nanoTime() - end > 0) {
          throw notYet;
        }
      }
      Trial.pause(POLL);
    }
  }
}
