/** How this process starts, is named and is stopped. */
@NullMarked
package io.github.miniscan.cli.start;

import org.jspecify.annotations.NullMarked;
