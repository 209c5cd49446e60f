/**
 * The command line: the program, and the list of its commands. Each command has a package of its
 * own, wires the parts together and holds no logic of its own.
 */
@NullMarked
package io.github.miniscan.cli;

import org.jspecify.annotations.NullMarked;
