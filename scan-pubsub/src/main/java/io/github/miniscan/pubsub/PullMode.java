package io.github.miniscan.pubsub;

/** A way of fetching messages. Both ways keep the same promises and pass the same contract. */
public enum PullMode {

  /**
   * {@link #UNARY} from an emulator, {@link #STREAMING} from Google Cloud.
   *
   * <p>Google's emulator (0.8.20) keeps a stream alive after its consumer was killed and goes on
   * feeding it, so that the next consumer starves. A call that is answered at once takes no message
   * after its consumer was killed.
   */
  AUTO,

  /** Streams that the server fills as messages are published: the quickest way. */
  STREAMING,

  /**
   * Calls, several at a time. Google Cloud answers a call once there is a message; an emulator
   * answers at once, and is asked some ten times a second while there is none.
   */
  UNARY
}
