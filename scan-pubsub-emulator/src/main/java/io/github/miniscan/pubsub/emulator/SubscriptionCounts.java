package io.github.miniscan.pubsub.emulator;

/**
 * What became of the messages of one subscription, as of one instant. {@code published = backlog +
 * outstanding + acked + deadLettered}: every message is in exactly one of those.
 *
 * @param published the messages that came to the subscription, copies made by {@link
 *     Faults#duplicate} included
 * @param backlog those that wait for a (further) delivery
 * @param outstanding those that a consumer has and whose deadline has not passed
 * @param acked those that were acked, or dropped by a seek
 * @param deadLettered those that were moved to the dead-letter topic
 * @param delivered how often a message was sent to a consumer
 * @param nacked how often a delivery was handed back by a deadline of 0
 * @param expired how often the deadline of a delivery passed
 * @param openStreams the streaming pulls that are open
 */
public record SubscriptionCounts(
    long published,
    long backlog,
    long outstanding,
    long acked,
    long deadLettered,
    long delivered,
    long nacked,
    long expired,
    int openStreams) {}
