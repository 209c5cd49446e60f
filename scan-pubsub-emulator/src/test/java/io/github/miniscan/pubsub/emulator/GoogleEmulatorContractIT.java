package io.github.miniscan.pubsub.emulator;

import io.github.miniscan.testkit.google.GoogleEmulator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** Holds Google's emulator, where it is installed, to the same contract. */
class GoogleEmulatorContractIT extends PubSubServerContract {
  private static GoogleEmulator emulator;

  @BeforeAll
  static void start() throws IOException {
    if (!GoogleEmulator.isInstalled()) {
      System.out.println("The contract is not compared. " + GoogleEmulator.NOT_INSTALLED);
      Assumptions.abort(GoogleEmulator.NOT_INSTALLED);
    }
    emulator = GoogleEmulator.start();
  }

  @AfterAll
  static void stop() {
    if (emulator != null) {
      emulator.close();
    }
  }

  @Override
  String endpoint() {
    return emulator.endpoint();
  }

  @Override
  Set<Difference> differences() {
    return EnumSet.allOf(Difference.class);
  }

  @Override
  void letPass(Duration time) {
    long until = System.nanoTime() + time.plusMillis(200).toNanos();
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  @Override
  Instant now() {
    return Instant.now();
  }
}
