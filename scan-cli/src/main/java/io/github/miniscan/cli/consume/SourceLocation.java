package io.github.miniscan.cli.consume;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.MessageSource;

/** Where deliveries come from. */
@FunctionalInterface
interface SourceLocation {

  /**
   * Connects.
   *
   * @param budget what limits the bytes that are held
   * @throws io.github.miniscan.ingest.SourceException when it is not possible
   */
  MessageSource open(ByteBudget budget) throws InterruptedException;
}
