package io.github.miniscan.proof.simulation;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.traffic.TrafficMessage;
import java.util.Arrays;

/**
 * A message in the world.
 *
 * @param number counts from 0
 * @param at when it is published, in nanoseconds since the world began
 * @param decoded the outcome of decoding it
 * @param meant its final outcome: the same, unless the store refuses the record
 */
record Published(
    int number, long at, Message message, TrafficMessage decoded, TrafficMessage meant) {

  boolean isKeptIn(DeadLetter letter) {
    Message kept = letter.message();
    return kept == message
        || (kept.id().equals(message.id())
            && kept.publishTime().equals(message.publishTime())
            && kept.attributes().equals(message.attributes())
            && Arrays.equals(kept.payload(), message.payload()));
  }

  @Override
  public String toString() {
    return "m" + number;
  }
}
