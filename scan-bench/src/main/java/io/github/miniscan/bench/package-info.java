/** The command that runs the benchmarks. */
@NullMarked
package io.github.miniscan.bench;

import org.jspecify.annotations.NullMarked;
