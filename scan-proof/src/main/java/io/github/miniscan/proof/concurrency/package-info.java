/** Many writers and readers on one file at once, in threads and in processes. */
@NullMarked
package io.github.miniscan.proof.concurrency;

import org.jspecify.annotations.NullMarked;
