/**
 * Records and dead letters as text that other programs read: JSON Lines, a JSON array, and CSV.
 * What is written can be read again, and is harmless on a terminal except where it says otherwise.
 */
@NullMarked
package io.github.miniscan.format;

import org.jspecify.annotations.NullMarked;
