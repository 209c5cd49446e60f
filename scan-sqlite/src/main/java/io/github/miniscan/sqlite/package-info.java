/**
 * The store in one SQLite file.
 *
 * <p>{@link io.github.miniscan.sqlite.SqliteScanStore} opens it. The file is for people too:
 * comments in the schema explain the tables {@code scan} and {@code dead_letter} in every other
 * tool. The file carries an {@code application_id} and, as {@code user_version}, the number of its
 * last migration.
 */
@NullMarked
package io.github.miniscan.sqlite;

import org.jspecify.annotations.NullMarked;
