/** The command {@code query}: prints records. */
@NullMarked
package io.github.miniscan.cli.query;

import org.jspecify.annotations.NullMarked;
