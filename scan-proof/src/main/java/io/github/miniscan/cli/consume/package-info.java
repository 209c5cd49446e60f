/** A way to the log of {@code consume}, which only this package can see. */
@NullMarked
package io.github.miniscan.cli.consume;

import org.jspecify.annotations.NullMarked;
