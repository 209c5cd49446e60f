/** {@code kill -9} of the real program, again and again, before a queue that lives on. */
@NullMarked
package io.github.miniscan.proof.kill;

import org.jspecify.annotations.NullMarked;
