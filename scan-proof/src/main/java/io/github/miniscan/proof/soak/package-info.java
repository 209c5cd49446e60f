/** The real program at a steady rate for a long time, with faults, and what it uses meanwhile. */
@NullMarked
package io.github.miniscan.proof.soak;

import org.jspecify.annotations.NullMarked;
