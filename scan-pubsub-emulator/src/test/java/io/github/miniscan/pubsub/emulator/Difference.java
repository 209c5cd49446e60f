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
  /** It takes more than 1,000 messages in a request. */
  ANY_NUMBER_OF_MESSAGES,
  /** It lists everything at once, whatever the page size. */
  NO_PAGES,
  /** It sends a stream everything, whatever its client said that it could take. */
  NO_FLOW_CONTROL,
  /** It answers 404 to JSON that comes without a Content-Type. */
  CONTENT_TYPE_NEEDED
}
