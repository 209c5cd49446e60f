package io.github.miniscan.bench.harness;

import java.nio.file.Path;
import java.util.List;

/**
 * What the programs of the store's benchmark do: they read all rows into memory, write the rows to
 * become warm with to a file of their own, and then at once the others, batch by batch.
 *
 * @param uncounted so many rows, in whole batches, are written before anything is measured
 */
record WriteTask(
    Path database, Path rows, int batch, Path warmUpDatabase, Path warmUpRows, int uncounted) {

  WriteTask {
    if (uncounted % batch != 0) {
      throw new IllegalArgumentException(uncounted + " rows are no whole batches of " + batch);
    }
  }

  static WriteTask ofArguments(String[] arguments) {
    return new WriteTask(
        Path.of(arguments[0]),
        Path.of(arguments[1]),
        Integer.parseInt(arguments[2]),
        Path.of(arguments[3]),
        Path.of(arguments[4]),
        Integer.parseInt(arguments[5]));
  }

  List<String> arguments() {
    return List.of(
        database.toString(),
        rows.toString(),
        Integer.toString(batch),
        warmUpDatabase.toString(),
        warmUpRows.toString(),
        Integer.toString(uncounted));
  }
}
