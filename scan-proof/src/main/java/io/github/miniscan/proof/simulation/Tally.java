package io.github.miniscan.proof.simulation;

import io.github.miniscan.proof.Finding;
import java.time.Duration;

/** What happened in schedules, in figures. */
final class Tally {

  private final long[] faults = new long[Fault.values().length];
  long schedules;
  long messages;
  long deliveries;
  long redeliveries;
  long leaseExpiries;
  long engines;
  long batches;
  long deadLetters;
  long refusals;
  long handedBack;
  long fetchedAhead;
  long handedBackFromAhead;
  long decodedAtOnce;
  long decodedLater;
  long neverBegun;
  long outagesGivenUpOn;
  long simulatedSeconds;

  void count(Fault fault) {
    faults[fault.ordinal()]++;
  }

  long of(Fault fault) {
    return faults[fault.ordinal()];
  }

  void add(Tally other) {
    for (int i = 0; i < faults.length; i++) {
      faults[i] += other.faults[i];
    }
    schedules += other.schedules;
    messages += other.messages;
    deliveries += other.deliveries;
    redeliveries += other.redeliveries;
    leaseExpiries += other.leaseExpiries;
    engines += other.engines;
    batches += other.batches;
    deadLetters += other.deadLetters;
    refusals += other.refusals;
    handedBack += other.handedBack;
    fetchedAhead += other.fetchedAhead;
    handedBackFromAhead += other.handedBackFromAhead;
    decodedAtOnce += other.decodedAtOnce;
    decodedLater += other.decodedLater;
    neverBegun += other.neverBegun;
    outagesGivenUpOn += other.outagesGivenUpOn;
    simulatedSeconds += other.simulatedSeconds;
  }

  /** As a finding of schedules that all kept what is promised: nothing is lost in any of them. */
  Finding toFinding() {
    Finding.Builder finding =
        Finding.builder()
            .figure("schedules", schedules)
            .figure("messages", messages)
            .figure("deliveries", deliveries)
            .figure("redeliveries", redeliveries)
            .figure("lease expiries", leaseExpiries)
            .figure("engines started", engines)
            .figure("batches settled", batches)
            .figure("dead letters", deadLetters)
            .figure("refused batches", refusals)
            .figure("deliveries handed back", handedBack)
            .figure("deliveries fetched ahead", fetchedAhead)
            .figure("of them handed back", handedBackFromAhead)
            .figure("tasks that an executor ran at once", decodedAtOnce)
            .figure("tasks that an executor ran later", decodedLater)
            .figure("tasks that an executor never began", neverBegun)
            .figure("outages given up on", outagesGivenUpOn);
    for (Fault fault : Fault.values()) {
      finding.figure(fault.figure, of(fault));
    }
    return finding
        .figure("simulated days", Duration.ofSeconds(simulatedSeconds).toDays())
        .figure("lost", 0)
        .figure("regressed", 0)
        .build();
  }
}
