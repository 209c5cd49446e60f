package io.github.miniscan.proof.kill;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.process.Progress;
import io.github.miniscan.proof.process.ScanProgram;
import io.github.miniscan.proof.process.Times;
import io.github.miniscan.proof.process.Together;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Kills the real {@code consume} at random instants, with streaming and with unary pull at once.
 * Half of its lives find so much waiting that they decode ahead.
 */
public final class KillProof implements Proof {

  private static final int MESSAGES_A_KILL = 1_000;

  @Override
  public String name() {
    return "kill";
  }

  @Override
  public String description() {
    return "A consumer that is killed at any instant loses nothing that it acked.";
  }

  @Override
  public String unit() {
    return "kills";
  }

  @Override
  public long quickSize() {
    return 6;
  }

  @Override
  public long fullSize() {
    return 1_000;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    ScanProgram.Launch program = ScanProgram.of(effort.cliJar(), effort.directory());
    try (Lane streaming = new Lane("streaming", effort.seed(), program, effort.directory());
        Lane unary = new Lane("unary", effort.seed() + 1, program, effort.directory())) {
      List<Lane> lanes = List.of(streaming, unary);
      Effort.Deadline deadline = effort.start();
      Progress progress = new Progress(name());
      long first = effort.size() / lanes.size();
      Together.run(
          List.of(
              () -> run(streaming, effort.size() - first, deadline, progress),
              () -> run(unary, first, deadline, progress)));
      return finding(lanes);
    }
  }

  private static Lane run(Lane lane, long kills, Effort.Deadline deadline, Progress progress)
      throws IOException, InterruptedException {
    for (long i = 0; i < kills && !deadline.isOver(); i++) {
      try {
        lane.kill();
      } catch (BrokenPromiseException e) {
        throw new BrokenPromiseException(
            "%s pull, kill %d: %s".formatted(lane.pull(), i + 1, e.getMessage()), e);
      }
      progress.tell(() -> "%,d kills by %s pull".formatted(lane.killed(), lane.pull()));
    }
    lane.end((long) lane.killed() * MESSAGES_A_KILL);
    return lane;
  }

  private static Finding finding(List<Lane> lanes) {
    Times toFirstAck = new Times();
    Times toFirstDelivery = new Times();
    Finding.Builder finding = Finding.builder();
    finding.figure("kills", lanes.stream().mapToLong(Lane::killed).sum());
    for (Lane lane : lanes) {
      finding.figure("of them with " + lane.pull() + " pull", lane.killed());
      toFirstAck.addAll(lane.toFirstAck());
      toFirstDelivery.addAll(lane.toFirstDelivery());
    }
    finding.figure(
        "of them with work left to do",
        lanes.stream().mapToLong(lane -> lane.killed() - lane.idle()).sum());
    finding.figure(
        "of them after the first large batch, which is decoded ahead",
        lanes.stream().mapToLong(Lane::decodedAhead).sum());
    Table.Builder points = Table.builder("kill-points", "killed", "streaming", "unary");
    for (KillPoint point : KillPoint.values()) {
      points.row(point.words(), count(lanes.get(0), point), count(lanes.get(1), point));
    }
    return finding
        .figure("messages", lanes.stream().mapToLong(Lane::messages).sum())
        .figure("redeliveries", lanes.stream().mapToLong(Lane::redeliveries).sum())
        .figure("looks at the file after a kill", lanes.stream().mapToLong(Lane::looks).sum())
        .figure("from the new start to its first delivery", toFirstDelivery.toString())
        .figure("from the new start to its first ack", toFirstAck.toString())
        .figure("lost", 0)
        .figure("regressed", 0)
        .table(points.build())
        .build();
  }

  private static String count(Lane lane, KillPoint point) {
    return String.format(Locale.ROOT, "%,d", lane.kills().getOrDefault(point, 0));
  }
}
