/** The command {@code publish}: publishes scans, made up or from a file. */
@NullMarked
package io.github.miniscan.cli.publish;

import org.jspecify.annotations.NullMarked;
