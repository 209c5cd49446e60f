package io.github.miniscan.cli.publish;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What to publish, one after the other. */
@FunctionalInterface
interface Payloads extends AutoCloseable {

  /** The next payload; null when there is no more. */
  byte @Nullable [] next() throws IOException;

  @Override
  default void close() throws IOException {}
}
