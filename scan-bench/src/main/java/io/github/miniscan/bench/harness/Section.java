package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.report.SectionReport;
import java.io.IOException;
import java.util.List;

/** One question, and how it is answered. */
interface Section {

  /** What it is called on the command line and in the files. */
  String name();

  /** The tables that it gives, by the names of their markers. */
  List<String> tables();

  /**
   * Measures.
   *
   * @throws HarnessException when it can not be measured here
   */
  SectionReport run(HarnessOptions options) throws IOException, InterruptedException;
}
