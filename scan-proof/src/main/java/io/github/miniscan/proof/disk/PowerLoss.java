package io.github.miniscan.proof.disk;

import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.disk.FaultyDisk.Action;
import io.github.miniscan.proof.disk.FaultyDisk.Operation;
import io.github.miniscan.proof.disk.Trace.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Takes the power away at random instants of the life of a store, in which its process is killed
 * twice as well; what was not synced is gone, there, or torn, and what was durable must be there.
 * Without the sync of each commit something must be missing, or else nothing would be shown.
 */
public final class PowerLoss implements Proof {

  private static final int INSTANTS_OF_A_RUN = 1_000;

  /** Of the instants, one of so many is tried without the syncs of commits too. */
  private static final int WITHOUT_SYNCS = 5;

  private static final int LIVES = 3;
  private static final int FIRST_CHANGES = 250;
  private static final int SYNCS_OF_CREATION = 7;
  private static final int BATCHES_BEFORE_A_CHECKPOINT = 3;

  /** With fewer instants without syncs, chance alone may have it that nothing is missing. */
  private static final int ENOUGH_TO_SEE = 80;

  /** Before the frames of a write-ahead log. */
  private static final int LOG_HEADER_BYTES = 32;

  @Override
  public String name() {
    return "power-loss";
  }

  @Override
  public String description() {
    return "When the power goes, at any instant, what was durable is there, and nothing is half;"
        + " with synchronous=NORMAL something is missing.";
  }

  @Override
  public String unit() {
    return "instants";
  }

  @Override
  public long quickSize() {
    return 400;
  }

  @Override
  public long fullSize() {
    return 20_000;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    Path library = FaultyDisk.build(effort);
    long runs = (effort.size() + INSTANTS_OF_A_RUN - 1) / INSTANTS_OF_A_RUN;
    Tally tally = new Tally();
    InParallel.run(
        LongStream.range(0, runs).boxed().toList(),
        effort,
        "runs",
        number -> {
          int instants =
              (int) Math.min(INSTANTS_OF_A_RUN, effort.size() - number * INSTANTS_OF_A_RUN);
          new Run(effort, library, number, tally).losePower(instants);
        });
    if (tally.unsynced >= ENOUGH_TO_SEE && tally.lostUnsynced == 0) {
      throw new BrokenPromiseException(
          "without the syncs of commits nothing was missing at any of %d instants: this proof would"
                  .formatted(tally.unsynced)
              + " not see it");
    }
    return tally.finding();
  }

  /** One store, whose process lives three times. */
  private static final class Run {
    private final Effort effort;
    private final Path place;
    private final Random random;
    private final long number;
    private final long seed;
    private final WorkerProcess worker;
    private final Script script;
    private final Tally tally;

    Run(Effort effort, Path library, long number, Tally tally) throws IOException {
      this.effort = effort;
      this.number = number;
      this.seed = effort.seed() + number;
      this.place = Files.createDirectory(effort.directory().resolve("run-" + number));
      this.random = new Random(seed);
      this.worker = new WorkerProcess(place, library, effort.directory().resolve("native"));
      this.script = Script.of(seed);
      this.tally = tally;
    }

    void losePower(int instants) throws IOException, InterruptedException {
      List<Event> events = record();
      lose(events, instants, true);
      lose(withoutSyncsOfCommits(events), instants / WITHOUT_SYNCS + 1, false);
      InParallel.remove(place);
    }

    private List<Event> record() throws IOException, InterruptedException {
      FaultyDisk disk = worker.disk();
      for (int life = 1; life <= LIVES; life++) {
        if (life < LIVES) {
          armToKill(disk, life);
        } else {
          disk.relieve();
        }
        tally.lived(worker.run(seed, disk, true));
      }
      return Trace.read(worker.trace());
    }

    /**
     * Anywhere; or, in the first life of every other run, when all of a batch is written and none
     * of it synced. The next life finds that batch there, and as long as it only repeats what is
     * there nothing makes it write, or sync.
     */
    private void armToKill(FaultyDisk disk, int life) {
      if (life == 1 && number % 2 == 0) {
        int sync = SYNCS_OF_CREATION + 1 + random.nextInt(BATCHES_BEFORE_A_CHECKPOINT);
        disk.arm(Action.KILL_BEFORE, Set.of(Operation.SYNC), sync);
      } else {
        disk.arm(Action.KILL_BEFORE, Operation.CHANGES, 1 + random.nextInt(FIRST_CHANGES));
      }
    }

    /**
     * What {@code synchronous=NORMAL} leaves out: it syncs the log's header when the log starts
     * anew, and the log before a checkpoint, but not after each commit.
     */
    private static List<Event> withoutSyncsOfCommits(List<Event> events) {
      List<Event> left = new ArrayList<>();
      boolean framesWritten = false;
      for (Event event : events) {
        boolean ofLog = event.name().endsWith("-wal");
        if (ofLog && event.operation() == Operation.WRITE) {
          framesWritten = event.offset() >= LOG_HEADER_BYTES;
        } else if (isBeginOfLife(event)) {
          framesWritten = false;
        }
        if (ofLog && event.operation() == Operation.SYNC && framesWritten) {
          framesWritten = false;
        } else {
          left.add(event);
        }
      }
      return left;
    }

    private static boolean isBeginOfLife(Event event) {
      return event.operation() == Operation.MARK && event.data()[0] == ScriptWorker.BEGUN;
    }

    private void lose(List<Event> events, int instants, boolean synced)
        throws IOException, InterruptedException {
      long[] when = random.longs(instants, 0, events.size() + 1).sorted().toArray();
      Cache cache = new Cache();
      Expected expected = new Expected(script);
      Effort.Deadline deadline = effort.start();
      int done = 0;
      for (long instant : when) {
        if (deadline.isOver()) {
          return;
        }
        for (; done < instant; done++) {
          Event event = events.get(done);
          cache.perform(event);
          if (event.operation() == Operation.MARK) {
            expected.mark((char) event.data()[0]);
          }
        }
        look(cache, expected, instant, events.size(), synced);
      }
    }

    private void look(Cache cache, Expected expected, long instant, int of, boolean synced)
        throws IOException {
      Path found = Files.createDirectory(place.resolve("found"));
      Cache.Losses losses = cache.writeTo(found, random);
      try {
        Snapshot snapshot = Reopened.read(found.resolve(worker.store().getFileName()));
        if (synced) {
          Reopened.check(snapshot, expected.allowed());
          tally.survived(losses, expected.durable());
        } else {
          tally.withoutSyncs(expected.allowed().contains(snapshot));
        }
      } catch (BrokenPromiseException e) {
        throw new BrokenPromiseException(
            "the power went at %d of %d (script %d%s), %s, with %s in memory: %s"
                .formatted(
                    instant,
                    of,
                    seed,
                    synced ? "" : ", without the syncs of commits",
                    expected,
                    cache,
                    e.getMessage()),
            e);
      }
      InParallel.remove(found);
    }
  }

  /** What the store may hold, by what the process has told. */
  private static final class Expected {
    private final Script script;
    private Set<List<Script.Step>> before = Set.of(List.of());
    private final List<List<Snapshot>> states = new ArrayList<>();
    private int life;
    private int durable;

    Expected(Script script) {
      this.script = script;
    }

    void mark(char mark) {
      if (mark == ScriptWorker.DURABLE) {
        durable++;
        return;
      }
      if (life > 0) {
        before = ends();
      }
      life++;
      durable = 0;
      states.clear();
      before.forEach(steps -> states.add(script.statesFrom(steps)));
    }

    /** After a kill either all that was durable was done, or the next step as well. */
    private Set<List<Script.Step>> ends() {
      Set<List<Script.Step>> ends = new LinkedHashSet<>();
      for (List<Script.Step> steps : before) {
        for (int more = 0; more < 2; more++) {
          List<Script.Step> end = new ArrayList<>(steps);
          end.addAll(script.steps().subList(0, Math.min(durable + more, script.steps().size())));
          ends.add(end);
        }
      }
      return ends;
    }

    Set<Snapshot> allowed() {
      Set<Snapshot> allowed = new LinkedHashSet<>();
      if (life == 0) {
        allowed.add(Snapshot.EMPTY);
      }
      for (List<Snapshot> each : states) {
        allowed.add(each.get(durable));
        allowed.add(each.get(Math.min(durable + 1, each.size() - 1)));
      }
      return allowed;
    }

    int durable() {
      return durable;
    }

    @Override
    public String toString() {
      return "after %d durable steps of life %d".formatted(durable, life);
    }
  }

  /** What came out. */
  private static final class Tally {
    private final Cache.Losses losses = new Cache.Losses();
    private long instants;
    private long kills;
    private long durable;
    private long unsynced;
    private long lostUnsynced;

    synchronized void lived(boolean ended) {
      kills += ended ? 0 : 1;
    }

    synchronized void survived(Cache.Losses those, int durableSteps) {
      instants++;
      losses.add(those);
      durable += durableSteps;
    }

    synchronized void withoutSyncs(boolean whole) {
      unsynced++;
      lostUnsynced += whole ? 0 : 1;
    }

    synchronized Finding finding() {
      return Finding.builder()
          .figure("instants", instants)
          .figure("kills before them", kills)
          .figure("durable steps looked for", durable)
          .figure("writes dropped", losses.dropped())
          .figure("torn", losses.torn())
          .figure("bytes lost with them", losses.bytes())
          .figure("creations and removals undone", losses.names())
          .figure("durable steps lost", 0)
          .figure("steps half done", 0)
          .figure(
              "with synchronous=NORMAL lost",
              "%,d times at %,d instants".formatted(lostUnsynced, unsynced))
          .build();
    }
  }
}
