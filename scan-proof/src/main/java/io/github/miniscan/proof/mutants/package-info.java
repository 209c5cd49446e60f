/**
 * That the proofs can fail: the product is broken on purpose, by a patch at a time, and a proof
 * must notice.
 */
@NullMarked
package io.github.miniscan.proof.mutants;

import org.jspecify.annotations.NullMarked;
