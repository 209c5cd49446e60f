package io.github.miniscan.pubsub.emulator;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PubSubEmulatorContractTest extends PubSubServerContract {
  private static final MovableClock CLOCK = new MovableClock();
  private static PubSubEmulator emulator;

  @BeforeAll
  static void start() throws IOException {
    emulator = PubSubEmulator.start(EmulatorOptions.defaults().withClock(CLOCK));
  }

  @AfterAll
  static void stop() {
    emulator.close();
  }

  @Override
  String endpoint() {
    return emulator.endpoint();
  }

  @Override
  Set<Difference> differences() {
    return EnumSet.noneOf(Difference.class);
  }

  @Override
  void letPass(Duration time) {
    CLOCK.advance(time);
    emulator.tick();
  }

  @Override
  Instant now() {
    return CLOCK.instant();
  }
}
