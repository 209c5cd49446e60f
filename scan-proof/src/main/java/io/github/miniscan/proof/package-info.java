/**
 * The proofs as a program: each makes faults, checks a promise after each of them, and ends in one
 * line of figures, or in the seed that shows how the promise is broken.
 */
@NullMarked
package io.github.miniscan.proof;

import org.jspecify.annotations.NullMarked;
