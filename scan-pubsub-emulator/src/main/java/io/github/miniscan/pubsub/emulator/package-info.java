/**
 * A Pub/Sub server inside the JVM: for demonstrations, for tests, and for the tests of programs
 * that embed the library. {@link io.github.miniscan.pubsub.emulator.PubSubEmulator} starts it;
 * {@link io.github.miniscan.pubsub.emulator.Faults} and {@link
 * io.github.miniscan.pubsub.emulator.Journal} are for tests.
 *
 * <p>It answers the calls of {@link io.github.miniscan.pubsub.emulator.Rpc} as Google's service
 * does, by gRPC and by REST on one port. What it does otherwise:
 *
 * <ul>
 *   <li>Nothing is durable; an acked message is gone at once, so that a seek can only go forward,
 *       and there are no snapshots. Messages do not expire.
 *   <li>Filters, exactly-once delivery, expiration, retention, schemas, encryption keys and labels
 *       are kept and shown, and have no effect. Push, BigQuery and Cloud Storage subscriptions,
 *       detaching and access policies are refused as unimplemented.
 *   <li>With message ordering, a key has one message under way at a time.
 *   <li>A lease lasts exactly as long as was said; a redelivery comes as soon as it may.
 *   <li>A unary pull waits 20 seconds for a message, but ends a little before its caller's
 *       deadline: what is sent later is lost to its lease. A list has at most 1,000 names a page.
 *   <li>When the backlog takes more memory than it may, publishing is refused with
 *       RESOURCE_EXHAUSTED.
 * </ul>
 *
 * <p>The module brings the same shaded Netty as the Pub/Sub client does, so that a program with
 * both has one Netty.
 */
@NullMarked
package io.github.miniscan.pubsub.emulator;

import org.jspecify.annotations.NullMarked;
