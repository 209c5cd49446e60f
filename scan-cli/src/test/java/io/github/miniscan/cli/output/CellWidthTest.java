package io.github.miniscan.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellWidthTest {

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "HTTP, 4",
    "é, 1",
    "e\u0301, 1",
    "a\u0300\u0301\u0302b, 2",
    "网站, 4",
    "ひらカナ, 8",
    "한글, 4",
    "\u1112\u1161\u11ab, 2",
    "ｆｕｌｌ, 8",
    "ﾊﾝｶｸ, 4",
    "😀, 2",
    "☺, 1",
    "⌚, 2",
    "🇩🇪, 2",
    "שלום, 4",
    "ลี้, 1",
    "…, 1",
    "\ufffd, 1",
  })
  void countsTheCellsOfATerminal(String text, int cells) {
    assertThat(CellWidth.of(text)).isEqualTo(cells);
  }

  @ParameterizedTest
  @CsvSource({
    "hello, 5, hello",
    "hello, 4, hel…",
    "hello, 1, …",
    "hello, 0, ''",
    "网站站, 6, 网站站",
    "网站站, 5, 网站…",
    "网站站, 4, 网…",
    "e\u0301e\u0301e\u0301, 3, e\u0301e\u0301e\u0301",
    "e\u0301e\u0301e\u0301, 2, e\u0301…",
    "😀😀, 3, 😀…",
    "😀😀, 2, …",
  })
  void cutsAtAWholeLetterWithItsMarks(String text, int cells, String cut) {
    assertThat(CellWidth.cut(text, cells)).isEqualTo(cut);
  }

  @Test
  void padsToTheWidth() {
    assertThat(CellWidth.pad("网", 4)).isEqualTo("网  ");
    assertThat(CellWidth.pad("toolong", 4)).isEqualTo("toolong");
  }
}
