/**
 * What a stranger may send or leave behind: fuzzing of the decoder, the address parser, everything
 * that a person sees, and the opener of damaged files, each against a reference of its own.
 *
 * <p>A class that is named {@code …Target} is what the fuzzer calls, in a process of its own.
 */
@NullMarked
package io.github.miniscan.proof.fuzz;

import org.jspecify.annotations.NullMarked;
