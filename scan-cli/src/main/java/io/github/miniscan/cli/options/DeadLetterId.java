package io.github.miniscan.cli.options;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.VisibleText;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.DeadLetters;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The id of a dead letter as a person gives it: whole, or cut to a beginning of one alone. */
public final class DeadLetterId {

  private static final int WHOLE = 32;

  private DeadLetterId() {}

  /**
   * Returns the dead letter that is meant.
   *
   * @throws UserException when there is none, or more than one
   */
  public static DeadLetter find(DeadLetters letters, String given) {
    return letters
        .findDeadLetter(complete(letters, given))
        .orElseThrow(() -> new UserException(noneOf(given)));
  }

  /**
   * Returns the whole id.
   *
   * @throws UserException when there is no dead letter with it, or more than one
   */
  static String complete(DeadLetters letters, String given) {
    String beginning = given.toLowerCase(Locale.ROOT);
    List<String> ids = startingWith(letters, beginning);
    if (ids.isEmpty()) {
      throw new UserException(noneOf(given));
    }
    if (ids.size() > 1) {
      throw new UserException(
          ids.size()
              + " dead letters have an id that begins with \""
              + beginning
              + "\": give more of it, as in "
              + ids.get(0).substring(0, Math.min(WHOLE, beginning.length() + 4)));
    }
    return ids.get(0);
  }

  private static List<String> startingWith(DeadLetters letters, String beginning) {
    if (beginning.length() >= WHOLE) {
      return letters.findDeadLetter(beginning).map(DeadLetter::id).stream().toList();
    }
    if (!beginning.matches("[0-9a-f]+")) {
      return List.of();
    }
    DeadLetterQuery query = DeadLetterQuery.all().withIdPrefix(beginning);
    try (Stream<DeadLetter> found = letters.findDeadLetters(query)) {
      return found.map(DeadLetter::id).sorted().toList();
    }
  }

  private static String noneOf(String given) {
    return "no dead letter with the id \""
        + VisibleText.shortened(given)
        + "\" ('dead-letters list' shows them)";
  }
}
