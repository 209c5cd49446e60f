package io.github.miniscan.proof.simulation;

import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The ingest engine in a simulated world, through as many schedules as told. */
public final class SimulationProof implements Proof {

  private static final long PROGRESS_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int AT_A_TIME = 64;

  /** A proof that has done nothing yet. */
  public SimulationProof() {}

  @Override
  public String name() {
    return "simulation";
  }

  @Override
  public String description() {
    return "The engine, a subscription, a store, an executor and a clock in one thread, through any"
        + " interleaving of deliveries, tasks, faults, crashes and stops.";
  }

  @Override
  public String unit() {
    return "schedules";
  }

  @Override
  public long quickSize() {
    return 10_000;
  }

  @Override
  public long fullSize() {
    return 1_000_000;
  }

  @Override
  public Finding run(Effort effort) throws InterruptedException {
    return run(effort, Rig.NONE);
  }

  Finding run(Effort effort, Rig rig) throws InterruptedException {
    if (effort.size() == 1) {
      Tally tally = new Tally();
      new Schedule(effort.seed(), rig).run(tally, System.err::println);
      return tally.toFinding();
    }
    return new Search(effort, rig).run();
  }

  /** Many schedules, by as many threads as there are processors; each schedule is in one thread. */
  private static final class Search {
    private final Effort effort;
    private final Rig rig;
    private final Effort.Deadline deadline;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong nextProgress = new AtomicLong(System.nanoTime() + PROGRESS_NANOS);
    private volatile boolean over;

    Search(Effort effort, Rig rig) {
      this.effort = effort;
      this.rig = rig;
      deadline = effort.start();
    }

    Finding run() throws InterruptedException {
      int threads = Runtime.getRuntime().availableProcessors();
      ExecutorService workers = Executors.newFixedThreadPool(threads);
      try {
        List<Future<Tally>> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          parts.add(workers.submit(this::work));
        }
        Tally whole = new Tally();
        for (Future<Tally> part : parts) {
          whole.add(resultOf(part));
        }
        return whole.toFinding();
      } finally {
        over = true;
        workers.shutdown();
        workers.awaitTermination(1, TimeUnit.MINUTES);
      }
    }

    private static Tally resultOf(Future<Tally> part) throws InterruptedException {
      try {
        return part.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof BrokenPromiseException broken) {
          throw broken;
        }
        throw new IllegalStateException("the simulation itself failed", e.getCause());
      }
    }

    private Tally work() {
      try {
        Tally tally = new Tally();
        while (!over && !deadline.isOver()) {
          long from = next.getAndAdd(AT_A_TIME);
          long to = Math.min(from + AT_A_TIME, effort.size());
          if (from >= to) {
            break;
          }
          for (long i = from; i < to; i++) {
            new Schedule(Schedule.seedOf(effort.seed(), i), rig).run(tally, null);
          }
          tellProgress(to);
        }
        return tally;
      } catch (BrokenPromiseException e) {
        // Of several schedules that fail, one is enough.
        over = true;
        throw e;
      }
    }

    private void tellProgress(long done) {
      long due = nextProgress.get();
      if (System.nanoTime() - due >= 0
          && nextProgress.compareAndSet(due, System.nanoTime() + PROGRESS_NANOS)) {
        System.err.printf("simulation: %,d of %,d schedules%n", done, effort.size());
      }
    }
  }
}
