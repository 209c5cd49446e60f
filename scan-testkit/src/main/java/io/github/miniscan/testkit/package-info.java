/** The contracts that every store and every source must pass, as JUnit tests to inherit. */
@NullMarked
package io.github.miniscan.testkit;

import org.jspecify.annotations.NullMarked;
