package io.github.miniscan.proof.simulation;

/**
 * What can go wrong. Each schedule has some of them, each as often as that schedule will have it.
 */
enum Fault {
  CRASH("crashes", 0.03),
  STOP("stops", 0.02),
  INTERRUPT("interrupts", 0.01),
  SECOND_REPLICA("nested replica runs", 0.04),
  STALL("replicas stalled meanwhile", 0.3),
  FAILED_BEFORE_COMMIT("store failures before the commit", 0.15),
  HALF_COMMIT("store failures with half a commit", 0.1),
  FAILED_AFTER_COMMIT("store failures after the commit", 0.15),
  OUTAGE("store outages", 0.08),
  SLOW_WRITE("slow writes", 0.1),
  UNUSABLE_STORE("stores taken over", 0.01),
  LOST_ACK("lost acks and nacks", 0.1),
  LATE_ACK("late acks", 0.1),
  LOST_RESPONSE("lost pull responses", 0.1),
  LOST_RENEWAL("lost lease renewals", 0.1),
  DUPLICATE("deliveries of what was leased or acked", 0.1),
  REFUSED_TASK("tasks refused by an executor", 0.1),
  BROKEN_EXECUTOR("executors that failed", 0.02),
  DISCONNECTION("disconnections", 0.03),
  LOST_SUBSCRIPTION("subscriptions lost", 0.005);

  /** How it is called among the figures. */
  final String figure;

  /** The share of its occasions, in a schedule that has it at its usual rate. */
  final double usualRate;

  Fault(String figure, double usualRate) {
    this.figure = figure;
    this.usualRate = usualRate;
  }
}
