/**
 * The real thing, as a proof has it before it: the program in a process of its own, the queue that
 * outlives it, and the comparison of a store with what was acked and what was published.
 */
@NullMarked
package io.github.miniscan.proof.process;

import org.jspecify.annotations.NullMarked;
