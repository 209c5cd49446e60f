/**
 * The start of SQLite in a program, which a short program can make quicker: {@link
 * io.github.miniscan.sqlite.start.NativeLibrary} keeps its native library unpacked.
 */
@NullMarked
package io.github.miniscan.sqlite.start;

import org.jspecify.annotations.NullMarked;
