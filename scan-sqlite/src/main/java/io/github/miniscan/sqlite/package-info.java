/**
 * The store in one SQLite file.
 *
 * <p>{@link io.github.miniscan.sqlite.SqliteScanStore} opens it. The file is for people too: its
 * tables {@code scan} and {@code dead_letter} explain themselves to whoever opens it with another
 * tool, and it carries an {@code application_id} and, as {@code user_version}, the number of its
 * last migration.
 */
@NullMarked
package io.github.miniscan.sqlite;

import org.jspecify.annotations.NullMarked;
