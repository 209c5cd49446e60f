package io.github.miniscan.ingest;

import io.github.miniscan.Message;

/**
 * One arrival of a message, settled once: by {@link #ack} or by {@link #nack}.
 *
 * <p>Until then the source keeps its lease, so that the queue gives it to no other consumer, and
 * its share of the {@link ByteBudget}. The first call settles; later ones do nothing. Neither
 * blocks, neither throws, and both may be called from any thread. An ack may be lost on its way:
 * then the message is delivered again.
 */
public interface Delivery {

  /** Returns the published message. */
  Message message();

  /** Returns how often the queue has delivered the message, this time included; 0 if unknown. */
  int attempt();

  /** Lets the queue forget the message: everything that it caused is durable. */
  void ack();

  /** Hands the message back, to be delivered again at once, here or elsewhere. */
  void nack();
}
