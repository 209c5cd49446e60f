package io.github.miniscan.pubsub.emulator;

/**
 * Where Google's emulator (0.8.20) departs from what the contract says, which is what Google's
 * service does. Ours departs nowhere that the contract looks.
 */
enum Difference {
  /** It leaves an empty request unanswered, and a client that waits for the answer gives up. */
  NO_ANSWER_TO_KEEP_ALIVE,
  /** It goes on delivering to a stream that was cancelled. */
  CANCELLED_STREAM_GOES_ON,
  /** It delivers again at once, whatever the retry policy says. */
  NO_BACKOFF,
  /** It takes deadlines of more than 600 seconds and of less than 0. */
  ANY_ACK_DEADLINE,
  /** It sends a stream everything, whatever its client said that it could take. */
  NO_FLOW_CONTROL,
  /** It answers 404 to JSON that is labelled as a form, which is how {@code curl -d} sends it. */
  NO_FORMS
}
