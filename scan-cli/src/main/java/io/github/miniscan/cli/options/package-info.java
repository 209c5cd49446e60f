/** Options that several commands share, and how their values are read. */
@NullMarked
package io.github.miniscan.cli.options;

import org.jspecify.annotations.NullMarked;
