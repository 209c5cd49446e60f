package io.github.miniscan.proof.disk;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.disk.FaultyDisk.Action;
import io.github.miniscan.proof.disk.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Kills a process at each thing that it does to its files, and within each write, while it opens,
 * fills, checkpoints and closes a store; each time the store must hold what was durable, and be
 * whole.
 */
public final class CrashPoints implements Proof {

  @Override
  public String name() {
    return "crash-points";
  }

  @Override
  public String description() {
    return "A process that is killed at any write, sync, truncation or removal of a store's files,"
        + " or in the middle of a write, leaves all that was durable, and nothing half.";
  }

  @Override
  public String unit() {
    return "crash points at most";
  }

  @Override
  public long quickSize() {
    return 8;
  }

  @Override
  public long fullSize() {
    return 1_000_000;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    Path library = FaultyDisk.build(effort);
    List<Trace.Event> changes = changesOfAWholeRun(effort, library);
    List<Point> points = points(changes);
    long all = points.size();
    if (effort.size() < all) {
      Collections.shuffle(points, new Random(effort.seed()));
      points = points.subList(0, (int) effort.size());
    }
    Script script = Script.of(effort.seed());
    Tally tally = new Tally();
    List<Snapshot> states = script.statesFrom(List.of());
    InParallel.run(
        points,
        effort,
        "crash points",
        point -> tally.add(point, new Try(effort, library, script, states, point).survives()));
    return tally.finding(all);
  }

  private static List<Trace.Event> changesOfAWholeRun(Effort effort, Path library)
      throws IOException, InterruptedException {
    Path place = Files.createDirectory(effort.directory().resolve("whole"));
    WorkerProcess worker = new WorkerProcess(place, library, nativeLibraries(effort));
    FaultyDisk disk = worker.disk();
    if (!worker.run(effort.seed(), disk, true)) {
      throw new IOException("the worker was killed, though nobody was to kill it");
    }
    return Trace.read(worker.trace()).stream()
        .filter(event -> Operation.CHANGES.contains(event.operation()))
        .toList();
  }

  private static Path nativeLibraries(Effort effort) {
    return effort.directory().resolve("native");
  }

  /**
   * Where to kill.
   *
   * @param number of the change, from 1; one more than there are is a run that completes
   * @param halfway within the write, not before it
   * @param what is done there
   */
  private record Point(long number, boolean halfway, String what) {}

  private static List<Point> points(List<Trace.Event> changes) {
    List<Point> points = new ArrayList<>();
    long number = 0;
    for (Trace.Event event : changes) {
      number++;
      points.add(new Point(number, false, "before a " + event.kind()));
      if (event.operation() == Operation.WRITE && event.length() > 1) {
        points.add(new Point(number, true, "in the middle of a " + event.kind()));
      }
    }
    points.add(new Point(number + 1, false, "at the end"));
    return points;
  }

  /** One kill, and what it has left. */
  private record Try(
      Effort effort, Path library, Script script, List<Snapshot> states, Point point) {

    /** Whether the step that was under way is there, in whole. */
    boolean survives() throws IOException, InterruptedException {
      Path place =
          Files.createDirectory(
              effort
                  .directory()
                  .resolve("point-" + point.number() + (point.halfway() ? "-halfway" : "")));
      WorkerProcess worker = new WorkerProcess(place, library, nativeLibraries(effort));
      FaultyDisk disk = worker.disk();
      Action action = point.halfway() ? Action.KILL_HALFWAY : Action.KILL_BEFORE;
      disk.arm(action, Operation.CHANGES, point.number());
      worker.run(effort.seed(), disk, false);
      int durable = worker.durable();
      try {
        Snapshot found = Reopened.read(worker.store());
        int next = Math.min(durable + 1, states.size() - 1);
        Reopened.check(found, List.of(states.get(durable), states.get(next)));
        rerun(worker.store());
        InParallel.remove(place);
        return !found.equals(states.get(durable));
      } catch (BrokenPromiseException e) {
        throw new BrokenPromiseException(
            "killed at change %d, %s, after %d durable steps: %s"
                .formatted(point.number(), point.what(), durable, e.getMessage()),
            e);
      }
    }

    private void rerun(Path file) {
      try (Script.Life life = new Script.Life(file)) {
        script.steps().forEach(step -> step.run(life));
      }
      Snapshot end = states.get(states.size() - 1);
      Snapshot found = Reopened.read(file);
      if (!found.equals(end)) {
        throw new BrokenPromiseException(
            "doing all of it again does not end where it must: " + found.differenceFrom(end));
      }
    }
  }

  /** What came out, by where it was killed. */
  private static final class Tally {
    private final Map<String, long[]> byPlace = new TreeMap<>();
    private long torn;

    synchronized void add(Point point, boolean stepIsThere) {
      long[] counts = byPlace.computeIfAbsent(point.what(), what -> new long[2]);
      counts[0]++;
      counts[1] += stepIsThere ? 1 : 0;
      torn += point.halfway() ? 1 : 0;
    }

    synchronized Finding finding(long all) {
      Table.Builder table =
          Table.builder(
              "crash-points-places", "killed", "points", "the step under way was there, in whole");
      byPlace.forEach((place, counts) -> table.row(place, counts[0] + "", counts[1] + ""));
      long tried = byPlace.values().stream().mapToLong(counts -> counts[0]).sum();
      return Finding.builder()
          .figure("crash points", tried)
          .figure("of", all)
          .figure("in the middle of a write", torn)
          .figure("durable steps lost", 0)
          .figure("steps half done", 0)
          .table(table.build())
          .build();
    }
  }
}
