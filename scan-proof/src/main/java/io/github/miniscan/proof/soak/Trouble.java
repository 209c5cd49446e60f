package io.github.miniscan.proof.soak;

import java.util.List;

/** What happens to a consumer while it runs for long. */
enum Trouble {
  SERVER_AWAY("the server is away for some seconds"),
  STREAMS_RESET("every stream is reset"),
  FILE_LOCKED("another program locks the file for some seconds"),
  LONG_READER("another program reads for long in one transaction"),
  STOPPED("SIGTERM, and a new start"),
  KILLED("SIGKILL, and a new start");

  /** Those that one life survives. */
  static final List<Trouble> LIVED_THROUGH =
      List.of(SERVER_AWAY, STREAMS_RESET, FILE_LOCKED, LONG_READER);

  /** All of them. */
  static final List<Trouble> ALL = List.of(values());

  private final String words;

  Trouble(String words) {
    this.words = words;
  }

  /** The trouble for the table. */
  String words() {
    return words;
  }
}
