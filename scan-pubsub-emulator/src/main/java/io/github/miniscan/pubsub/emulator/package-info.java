/**
 * A Pub/Sub server inside the JVM: for demonstrations, for tests, and for the tests of programs
 * that embed the library.
 */
@NullMarked
package io.github.miniscan.pubsub.emulator;

import org.jspecify.annotations.NullMarked;
