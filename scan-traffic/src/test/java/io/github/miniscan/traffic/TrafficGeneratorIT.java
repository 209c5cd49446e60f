package io.github.miniscan.traffic;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The long form of {@link TrafficGeneratorTest#meansWhatTheDecoderUnderstands}: a million. */
class TrafficGeneratorIT {

  @ParameterizedTest
  @ValueSource(longs = {101, 102, 103, 104, 105, 106, 107, 108, 109, 110})
  void meansWhatTheDecoderUnderstands(long seed) {
    TrafficOptions options = TrafficOptions.nasty(seed);
    TrafficGeneratorTest.assertDecoded(options, 100_000, options.baseTime());
  }
}
