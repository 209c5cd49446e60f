package io.github.miniscan.store;

import io.github.miniscan.Message;

/**
 * A record and the message that it came in, so that a writer may tell repetitions apart.
 *
 * @param <R> the record type
 */
public record Decoded<R>(Message message, R record) {}
