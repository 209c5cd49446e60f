/** A way to the log of {@code consume}, which only this package can see. */
@NullMarked
package io.github.miniscan.cli;

import org.jspecify.annotations.NullMarked;
