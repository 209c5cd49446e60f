/** Decoding: from a message to a record, or to the reason why it cannot become one. */
@NullMarked
package io.github.miniscan.decode;

import org.jspecify.annotations.NullMarked;
