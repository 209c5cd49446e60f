package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Run;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.TreeMap;

/** Tells on standard error how far it is. */
final class Progress {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private Progress() {}

  static void say(String sentence) {
    System.err.println(LocalTime.now(ZoneId.systemDefault()).format(TIME) + " " + sentence);
  }

  static void say(Run run) {
    StringBuilder text = new StringBuilder();
    text.append("  ").append(run.group()).append(", round ").append(run.round()).append(", ");
    text.append(run.contestant()).append(':');
    new TreeMap<>(run.figures())
        .forEach(
            (name, value) ->
                text.append(' ').append(name).append('=').append(Figures.rounded(value)));
    if (!run.fault().isEmpty()) {
      text.append(" NOT COUNTED: ").append(run.fault());
    }
    say(text.toString());
  }
}
