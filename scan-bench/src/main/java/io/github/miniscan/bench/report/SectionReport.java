package io.github.miniscan.bench.report;

import java.util.List;
import java.util.Map;

/**
 * What one section gave.
 *
 * @param options what it ran with
 * @param versions of what it measured, beside those of the machine
 * @param notes what a reader must know, such as why something was skipped
 */
public record SectionReport(
    String name,
    Map<String, String> options,
    Map<String, String> versions,
    List<Run> runs,
    List<Table> tables,
    List<Goal> goals,
    List<String> notes) {}
