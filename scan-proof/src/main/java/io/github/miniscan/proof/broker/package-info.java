/** A consumer before a queue that misbehaves in every way that a queue and a network can. */
@NullMarked
package io.github.miniscan.proof.broker;

import org.jspecify.annotations.NullMarked;
