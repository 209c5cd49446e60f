/** The command {@code demo}: a server, a scanner and a consumer in one process. */
@NullMarked
package io.github.miniscan.cli.demo;

import org.jspecify.annotations.NullMarked;
