/**
 * Traffic to try a consumer with: the toy scanner, the generator of nasty traffic, and the oracle
 * that says what a store must hold afterwards.
 */
@NullMarked
package io.github.miniscan.traffic;

import org.jspecify.annotations.NullMarked;
