/**
 * The contracts that every store and every source must pass, as JUnit tests to inherit, and a queue
 * in memory for tests of programs that consume messages.
 *
 * <p>A store begins with {@link io.github.miniscan.testkit.ScanStoreContract}, a source with {@link
 * io.github.miniscan.testkit.MessageSourceContract}.
 */
@NullMarked
package io.github.miniscan.testkit;

import org.jspecify.annotations.NullMarked;
