package io.github.miniscan.pubsub;

import io.github.miniscan.OperatorException;

/**
 * A server cannot be used, or did not take a message. The message is a sentence for the operator
 * that names what was asked for and what to do.
 */
public class PubSubException extends OperatorException {

  private static final long serialVersionUID = 1L;

  PubSubException(String sentence) {
    super(sentence);
  }

  PubSubException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
