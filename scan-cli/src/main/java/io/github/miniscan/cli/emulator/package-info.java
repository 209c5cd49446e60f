/** The command {@code emulator}: a Pub/Sub server in memory. */
@NullMarked
package io.github.miniscan.cli.emulator;

import org.jspecify.annotations.NullMarked;
