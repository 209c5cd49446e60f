package io.github.miniscan.proof.kill;

/** Where in its work a consumer is killed, as the queue and the store's file show it. */
enum KillPoint {
  STARTING("a random time after its start"),
  RECEIVING("when so many were delivered"),
  WRITING("when the write-ahead log has grown"),
  COMMITTED("when a batch is written, while acks hang"),
  ACKING("when so many were acked"),
  HALF_ACKED("when some acks came through, while the rest hang");

  private final String words;

  KillPoint(String words) {
    this.words = words;
  }

  /** The point for the table. */
  String words() {
    return words;
  }

  /** Whether acks hang from the beginning of the life on. */
  boolean holdsAcks() {
    return this == COMMITTED;
  }
}
