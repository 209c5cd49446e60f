/** How records and dead letters are written: as a table, JSON, JSON Lines or CSV. */
@NullMarked
package io.github.miniscan.cli.output;

import org.jspecify.annotations.NullMarked;
