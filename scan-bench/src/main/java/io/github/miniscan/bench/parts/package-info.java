/** Micro-benchmarks, one class for each part of the path of a message, run by JMH. */
@NullMarked
package io.github.miniscan.bench.parts;

import org.jspecify.annotations.NullMarked;
