/** What a proof needs to know of the source that nobody else does: its times. */
@NullMarked
package io.github.miniscan.pubsub;

import org.jspecify.annotations.NullMarked;
