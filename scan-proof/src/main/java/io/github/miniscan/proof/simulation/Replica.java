package io.github.miniscan.proof.simulation;

import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.ingest.IngestClock;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.IngestOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One process that consumes: an engine with its source, from its start to its end or crash. */
final class Replica {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final World world;
  private final String name;
  private final Watch watch;
  private final SimulatedSource source;
  private final @Nullable SimulatedExecutor executor;
  private final JsonScanDecoder decoder;
  private final IngestEngine<ScanRecord> engine;
  private boolean crashed;
  private @Nullable VirtualMachineError end;

  Replica(World world, String name, IngestOptions options) {
    this.world = world;
    this.name = name;
    source = new SimulatedSource(world, this);
    executor = SimulatedExecutor.drawn(world, this);
    watch = new Watch(world, this, options, executor != null);
    Clock clock = new Clock(world.clockError(), origin(world.chance()));
    decoder = new JsonScanDecoder(JsonScanDecoder.DEFAULT_MAX_SKEW, clock::now);
    IngestEngine.Builder<ScanRecord> builder =
        IngestEngine.<ScanRecord>builder(
                world.rig().source().apply(source),
                this::decode,
                world.rig().writer().apply(batch -> world.store().write(this, batch)))
            .options(options)
            .listener(watch)
            .withoutLogging()
            .clock(clock)
            .jitter(world.chance());
    if (executor != null) {
      builder.decodeIn(executor);
    }
    engine = builder.build();
  }

  private ScanRecord decode(Message message) throws RejectedException {
    try {
      point();
    } catch (Crash | Violation e) {
      end = e;
      throw e;
    }
    world.refusal().fail(message);
    return decoder.decode(message);
  }

  /** Runs an executor's task. What ends the process, or the schedule, is not left to a future. */
  void run(Runnable task) {
    task.run();
    if (end != null) {
      throw end;
    }
  }

  /** Nanoseconds may be counted from anywhere; sometimes they run over soon. */
  private static long origin(Chance chance) {
    return chance.onceIn(2) ? chance.nextLong() : Long.MAX_VALUE - chance.nextLong(SOON.toNanos());
  }

  Watch watch() {
    return watch;
  }

  SimulatedSource source() {
    return source;
  }

  IngestCounts counts() {
    return engine.counts();
  }

  Optional<String> unreadyBecause() {
    return engine.unreadyBecause();
  }

  /** Returns when the engine has ended, in whatever way. */
  void run() {
    try {
      IngestCounts counts = engine.run();
      watch.returned(counts);
      leave(() -> "ends: " + counts);
    } catch (Crash crash) {
      world.trace(this, () -> "is no more");
    } catch (RuntimeException | InterruptedException e) {
      watch.threw(e);
      leave(() -> "ends with " + e);
    }
  }

  private void leave(Supplier<String> how) {
    source.close();
    if (source.bytesHeld() != 0) {
      throw new Violation(this + " ends with " + source.bytesHeld() + " bytes of budget held");
    }
    world.trace(this, how);
  }

  /** Any instant: the process may be told to stop, die, or see another one at work. */
  void point() {
    if (crashed) {
      return;
    }
    if (executor != null) {
      executor.maybeGoOn();
    }
    world.step();
    if (world.strikes(Fault.STOP)) {
      world.trace(this, () -> "is told to stop");
      stop();
    }
    world.maybeRunBeside(this);
    if (world.strikes(Fault.CRASH)) {
      world.trace(this, () -> "crashes");
      crashed = true;
      source.crash();
      throw new Crash();
    }
  }

  void maybeInterrupted() throws InterruptedException {
    if (world.strikes(Fault.INTERRUPT)) {
      world.trace(this, () -> "is interrupted");
      throw watch.ends(new InterruptedException());
    }
  }

  /** There is nothing left that could be delivered. */
  void stopAtTheEnd() {
    stop();
  }

  private void stop() {
    watch.stopRequested();
    engine.stop();
  }

  @Override
  public String toString() {
    return name;
  }

  /** The world's time on this machine, whose clock may be wrong by years. */
  private final class Clock implements IngestClock {
    private final Duration error;
    private final long origin;

    Clock(Duration error, long origin) {
      this.error = error;
      this.origin = origin;
    }

    @Override
    public Instant now() {
      return world.instant(world.now()).plus(error);
    }

    @Override
    public long nanoTime() {
      return origin + world.now();
    }

    @Override
    public boolean await(CountDownLatch latch, Duration longest) throws InterruptedException {
      watch.waits(longest);
      if (latch.getCount() == 0) {
        return true;
      }
      long before = world.chance().nextLong(longest.toNanos() + 1);
      world.advance(before);
      point();
      maybeInterrupted();
      if (latch.getCount() > 0) {
        world.advance(longest.toNanos() - before);
      }
      return latch.getCount() == 0;
    }
  }
}
