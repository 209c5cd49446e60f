package io.github.miniscan.proof.fuzz;

import io.github.miniscan.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The address parser against {@link ReferenceAddress}: the same texts are addresses, of the same
 * bytes, in the same canonical form, which reads back as what it was.
 */
public final class AddressTarget {

  private static final String ALPHABET = "0123456789abcdefABCDEF::::....0012fF%/[] gx-";

  private static final Tally TALLY = Tally.ofThisProcess();

  private AddressTarget() {}

  /**
   * Tries one input, whose first byte says what the others are: a text as it stands, one in the
   * characters that addresses are made of, or the bytes of an address. What it throws is a finding.
   */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    switch (input[0] & 3) {
      case 0 -> TALLY.count(checkText(new String(rest, StandardCharsets.UTF_8)));
      case 1 -> TALLY.count(checkBytes(Arrays.copyOf(rest, 4)));
      case 2 -> TALLY.count(checkBytes(Arrays.copyOf(rest, 16)));
      default -> TALLY.count(checkText(spelled(rest)));
    }
  }

  /** The input that spells this text in the characters of addresses, as far as they go. */
  static byte[] spelling(String text) {
    byte[] input = new byte[text.length() + 1];
    input[0] = 3;
    for (int i = 0; i < text.length(); i++) {
      input[i + 1] = (byte) Math.max(0, ALPHABET.indexOf(text.charAt(i)));
    }
    return input;
  }

  private static String spelled(byte[] choices) {
    StringBuilder text = new StringBuilder(choices.length);
    for (byte choice : choices) {
      text.append(ALPHABET.charAt(Byte.toUnsignedInt(choice) % ALPHABET.length()));
    }
    return text.toString();
  }

  /**
   * @return in a word what the text is
   * @throws AssertionError when the two differ
   */
  static String checkText(String text) {
    byte @Nullable [] wanted = ReferenceAddress.parse(text);
    @Nullable IpAddress seen = IpAddress.parseOrNull(text);
    require((seen == null) == (wanted == null), text, seen);
    if (seen == null || wanted == null) {
      return "no address";
    }
    require(Arrays.equals(seen.bytes(), wanted), text, seen);
    checkForm(seen, wanted, text);
    return wanted.length == 4 ? "IPv4" : "IPv6";
  }

  private static String checkBytes(byte[] bytes) {
    byte[] wanted = ReferenceAddress.unmapped(bytes);
    IpAddress seen = IpAddress.ofBytes(bytes);
    require(Arrays.equals(seen.bytes(), wanted), Arrays.toString(bytes), seen);
    checkForm(seen, wanted, Arrays.toString(bytes));
    byte[] other = wanted.clone();
    other[wanted.length - 1] ^= 1;
    IpAddress neighbour = IpAddress.ofBytes(other);
    int order = Integer.signum(seen.compareTo(neighbour));
    require(
        neighbour.isV4() != seen.isV4()
            || order == Integer.signum(Arrays.compareUnsigned(wanted, other)),
        Arrays.toString(bytes),
        neighbour);
    return "bytes";
  }

  /** What holds for every address, wherever it came from. */
  private static void checkForm(IpAddress address, byte[] bytes, String from) {
    String text = address.toString();
    require(text.equals(ReferenceAddress.format(bytes)), from, address);
    require(IpAddress.parse(text).equals(address), from, address);
    byte @Nullable [] read = ReferenceAddress.parse(text);
    require(read != null && Arrays.equals(read, bytes), from, address);
    try {
      // Canonical text is a literal, which the JDK does not look up.
      require(Arrays.equals(InetAddress.getByName(text).getAddress(), bytes), from, address);
    } catch (UnknownHostException e) {
      throw new AssertionError("the JDK does not take " + text + " for an address", e);
    }
  }

  private static void require(boolean agreed, String text, @Nullable IpAddress seen) {
    if (!agreed) {
      byte @Nullable [] wanted = ReferenceAddress.parse(text);
      throw new AssertionError(
          "the parser made %s of %s, the reference %s"
              .formatted(
                  seen,
                  Arrays.toString(text.toCharArray()),
                  wanted == null ? null : ReferenceAddress.format(wanted)));
    }
  }
}
