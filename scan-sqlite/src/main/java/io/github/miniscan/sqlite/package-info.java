/** The store in one SQLite file. */
@NullMarked
package io.github.miniscan.sqlite;

import org.jspecify.annotations.NullMarked;
