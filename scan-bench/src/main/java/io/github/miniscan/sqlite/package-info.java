/** Shows the benchmarks what the store keeps to itself. */
@NullMarked
package io.github.miniscan.sqlite;

import org.jspecify.annotations.NullMarked;
