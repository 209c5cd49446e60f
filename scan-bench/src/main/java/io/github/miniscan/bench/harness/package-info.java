/**
 * The end-to-end harness: it runs server, publisher and consumer as processes, in turn with what
 * they are compared with, and measures them from outside.
 */
@NullMarked
package io.github.miniscan.bench.harness;

import org.jspecify.annotations.NullMarked;
