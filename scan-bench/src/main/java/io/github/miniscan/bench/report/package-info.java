/** What came out: the statistics of runs, and where they are written down. */
@NullMarked
package io.github.miniscan.bench.report;

import org.jspecify.annotations.NullMarked;
