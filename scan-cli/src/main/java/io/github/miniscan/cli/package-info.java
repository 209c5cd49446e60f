/** The commands of the program; the only place that names concrete stores and sources. */
@NullMarked
package io.github.miniscan.cli;

import org.jspecify.annotations.NullMarked;
