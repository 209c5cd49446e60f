package io.github.miniscan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResponseTest {

  @Test
  void keepsBytesThatAreNotText() {
    byte[] bytes = {(byte) 0xff, 'a', (byte) 0xe2, (byte) 0x82};
    Response response = Response.ofBytes(bytes);
    assertThat(response.isText()).isFalse();
    assertThat(response.text()).isEqualTo("\ufffda\ufffd");
    assertThat(response.bytes()).isEqualTo(bytes);
  }

  @Test
  void givesTextBackExactly() {
    for (String text :
        List.of("", " ", "a\u0000b\r\n", "\u001b[31m\u202e", "\ud83d\ude00", "\ufffd")) {
      Response response = Response.ofText(text);
      assertThat(response.text()).isEqualTo(text);
      assertThat(response.isText()).isTrue();
      assertThat(response.bytes()).isEqualTo(text.getBytes(UTF_8));
      assertThat(response.size()).isEqualTo(text.getBytes(UTF_8).length);
    }
  }

  @Test
  void replacesLoneSurrogates() {
    assertThat(Response.ofText("\ud800a\udc00\ud83d\ude00\ud83d").text())
        .isEqualTo("\ufffda\ufffd\ud83d\ude00\ufffd");
  }

  @Test
  void isNotChangedByItsCallers() {
    byte[] bytes = {1, 2};
    Response response = Response.ofBytes(bytes);
    bytes[0] = 9;
    response.bytes()[1] = 9;
    assertThat(response.bytes()).containsExactly(1, 2);
  }

  @Test
  void comparesAsUnsignedBytesAPrefixFirst() {
    assertThat(
            List.of(
                Response.ofBytes(new byte[0]),
                Response.ofBytes(new byte[] {0}),
                Response.ofBytes(new byte[] {0, 0}),
                Response.ofBytes(new byte[] {1}),
                Response.ofBytes(new byte[] {127}),
                Response.ofBytes(new byte[] {-128}),
                Response.ofBytes(new byte[] {-1})))
        .isSorted();
  }

  @Test
  void equalsByItsBytes() {
    assertThat(Response.ofText("a"))
        .isEqualTo(Response.wrap(new byte[] {'a'}))
        .hasSameHashCodeAs(Response.wrap(new byte[] {'a'}))
        .isNotEqualTo(Response.ofText("b"));
  }

  @Test
  void givesItsBytesWithoutACopyToThoseWhoAskForThat() {
    byte[] bytes = {1, 2};
    assertThat(Response.wrap(bytes).bytesUncopied()).isSameAs(bytes);
  }

  @Test
  void spreadsOverHashTables() {
    assertThat(IntStream.range(0, 1_000).mapToObj(i -> Response.ofText("r" + i).hashCode()))
        .doesNotHaveDuplicates();
  }

  @Test
  void showsItselfShortAndHarmless() {
    assertThat(Response.ofText("\u001b[31m")).hasToString("5 bytes \"\\u001b[31m\"");
    assertThat(Response.ofText("x".repeat(1_000)).toString()).hasSizeLessThan(120);
  }
}
