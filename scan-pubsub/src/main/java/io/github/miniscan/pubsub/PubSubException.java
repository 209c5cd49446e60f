package io.github.miniscan.pubsub;

import io.github.miniscan.OperatorException;

/**
 * A server can not be used, or did not take a message. The message is a sentence for the operator
 * that names what was asked for and what to do.
 */
public class PubSubException extends OperatorException {

  private static final long serialVersionUID = 1L;

  PubSubException(String message) {
    super(message);
  }

  PubSubException(String message, Throwable cause) {
    super(message, cause);
  }
}
