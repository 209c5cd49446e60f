/**
 * The main path: receive, decode, write the batch durably, ack.
 *
 * <p>{@link io.github.miniscan.ingest.IngestEngine} is the loop; {@link
 * io.github.miniscan.ingest.MessageSource} is where deliveries come from.
 */
@NullMarked
package io.github.miniscan.ingest;

import org.jspecify.annotations.NullMarked;
