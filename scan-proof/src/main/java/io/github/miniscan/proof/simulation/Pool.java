package io.github.miniscan.proof.simulation;

import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Nasty traffic, made once for all schedules: many short pieces with few keys each, so that scans
 * of one piece meet in the store, tie and repeat one another.
 */
final class Pool {

  /** When the traffic begins, and the world with it. */
  static final long BASE_SECOND = TrafficOptions.nasty(0).baseTime().getEpochSecond();

  private static final int PIECES = 256;
  private static final int LENGTH = 32;
  private static final List<List<TrafficMessage>> TRAFFIC = make();

  private Pool() {}

  private static List<List<TrafficMessage>> make() {
    List<List<TrafficMessage>> pieces = new ArrayList<>();
    for (int i = 0; i < PIECES; i++) {
      TrafficOptions options =
          TrafficOptions.nasty(i).withKeys(1 + i % 6).withResponseBytes(8).withTies(0.2);
      TrafficGenerator traffic = new TrafficGenerator(options);
      List<TrafficMessage> piece = new ArrayList<>();
      for (int j = 0; j < LENGTH; j++) {
        piece.add(traffic.next());
      }
      pieces.add(List.copyOf(piece));
    }
    return List.copyOf(pieces);
  }

  /** A few messages in a row, of some piece. */
  static List<TrafficMessage> draw(Chance chance) {
    List<TrafficMessage> piece = TRAFFIC.get(chance.below(PIECES));
    int count = chance.between(1, chance.onceIn(4) ? LENGTH : LENGTH / 3);
    int from = chance.below(LENGTH - count + 1);
    return piece.subList(from, from + count);
  }
}
