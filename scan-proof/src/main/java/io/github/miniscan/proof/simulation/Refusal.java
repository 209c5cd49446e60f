package io.github.miniscan.proof.simulation;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.traffic.TrafficMessage;

/**
 * What one world will not have: records that its store refuses, and payloads that its decoder fails
 * over. The same ones whenever they come.
 *
 * @param refusedRest which of {@link #RESTS} rests of a record the store refuses; -1 for none
 * @param poisonedRest which of {@link #RESTS} rests of a payload the decoder fails over; -1 for
 *     none
 */
record Refusal(int refusedRest, int poisonedRest) {

  private static final int RESTS = 7;

  static Refusal drawn(Chance chance) {
    return new Refusal(
        chance.onceIn(4) ? chance.below(RESTS) : -1, chance.onceIn(8) ? chance.below(RESTS) : -1);
  }

  boolean refuses(ScanRecord record) {
    return Math.floorMod(
            record.lastScanned() + 31L * record.key().port() + record.response().size(), RESTS)
        == refusedRest;
  }

  /**
   * @throws StackOverflowError or another error, for a message that is poisoned
   */
  void fail(Message message) {
    if (isPoisoned(message.payload())) {
      if (message.payload().length % 2 == 0) {
        throw new StackOverflowError();
      }
      throw new AssertionError("nobody foresaw this");
    }
  }

  private boolean isPoisoned(byte[] payload) {
    return payload.length % RESTS == poisonedRest;
  }

  /** Returns the outcome of decoding a message in this world. */
  TrafficMessage poison(TrafficMessage meant) {
    return isPoisoned(meant.payload())
        ? TrafficMessage.rejectedFor(Reason.INTERNAL_ERROR, meant.payload())
        : meant;
  }

  /** Returns the outcome of a decoded message in this world. */
  TrafficMessage refuse(TrafficMessage decoded) {
    return decoded.record().filter(this::refuses).isPresent()
        ? TrafficMessage.rejectedFor(Reason.STORE_REJECTED, decoded.payload())
        : decoded;
  }
}
