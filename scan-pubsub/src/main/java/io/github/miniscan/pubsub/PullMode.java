package io.github.miniscan.pubsub;

/** How messages are fetched. Both ways keep the same promises and pass the same contract. */
public enum PullMode {

  /**
   * {@link #UNARY} from an emulator, {@link #STREAMING} from Google Cloud.
   *
   * <p>Google's emulator (0.8.20) keeps a stream alive after its consumer was killed, and goes on
   * feeding it: the next consumer starves. A pull that nobody waits for any more is over within a
   * second.
   */
  AUTO,

  /** Streams that the server fills as messages come: the quickest way to hear of one. */
  STREAMING,

  /** Calls that each return what there is, or wait for the first message; several at a time. */
  UNARY
}
