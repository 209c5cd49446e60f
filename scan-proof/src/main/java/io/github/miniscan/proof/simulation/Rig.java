package io.github.miniscan.proof.simulation;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.store.BatchWriter;
import java.util.function.UnaryOperator;

/**
 * What stands between an engine and its world: nothing, but where a test puts something broken
 * there to see it caught.
 */
record Rig(UnaryOperator<MessageSource> source, UnaryOperator<BatchWriter<ScanRecord>> writer) {

  static final Rig NONE = new Rig(UnaryOperator.identity(), UnaryOperator.identity());

  Rig withSource(UnaryOperator<MessageSource> source) {
    return new Rig(source, writer);
  }

  Rig withWriter(UnaryOperator<BatchWriter<ScanRecord>> writer) {
    return new Rig(source, writer);
  }
}
