/** The command {@code consume}: keeps a store up to date with a source. */
@NullMarked
package io.github.miniscan.cli.consume;

import org.jspecify.annotations.NullMarked;
