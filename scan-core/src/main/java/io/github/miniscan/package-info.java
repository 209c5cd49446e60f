/**
 * The domain: a scan, the record that is kept of it, and the message it came in.
 *
 * <p>Everything here is an immutable value. The story of a message goes on in {@link
 * io.github.miniscan.decode}, {@link io.github.miniscan.ingest} and {@link
 * io.github.miniscan.store}.
 */
@NullMarked
package io.github.miniscan;

import org.jspecify.annotations.NullMarked;
