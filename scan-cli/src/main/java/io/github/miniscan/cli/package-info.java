/**
 * The command line: one class for each command, which wires the parts together and holds no logic
 * of its own.
 */
@NullMarked
package io.github.miniscan.cli;

import org.jspecify.annotations.NullMarked;
