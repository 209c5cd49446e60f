package io.github.miniscan.proof;

import java.io.IOException;

/** One promise under one kind of fault: generator, fault, oracle and checker. */
public interface Proof {

  /** What it is called on the command line and in the document: a word in lower case. */
  String name();

  /** What it shows, in one sentence for {@code --help}. */
  String description();

  /** What its size counts: schedules, kills, executions, minutes. */
  String unit();

  /** How much of it a build can afford, within half a minute or so. */
  long quickSize();

  /** How much of it is a proof. */
  long fullSize();

  /**
   * Tries to break the promise as often as told, and stops early, with what there is, when the time
   * is over.
   *
   * @return what was tried; the promise held each time
   * @throws BrokenPromiseException at the first time that it did not hold
   * @throws UnavailableException when this machine lacks what the proof needs
   * @throws IOException when the proof itself can not read or write
   */
  Finding run(Effort effort) throws IOException, InterruptedException;
}
