/** Deliveries from a Google Cloud Pub/Sub subscription. */
@NullMarked
package io.github.miniscan.pubsub;

import org.jspecify.annotations.NullMarked;
