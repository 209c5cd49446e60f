/** Google's own Pub/Sub emulator, for tests and benchmarks that compare with it. */
@NullMarked
package io.github.miniscan.testkit.google;

import org.jspecify.annotations.NullMarked;
