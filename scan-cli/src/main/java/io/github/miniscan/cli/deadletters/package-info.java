/** The commands {@code dead-letters}: messages that could not become records. */
@NullMarked
package io.github.miniscan.cli.deadletters;

import org.jspecify.annotations.NullMarked;
