package io.github.miniscan.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {

  @Test
  void readsUserAndSystemTimeWhateverTheNameIs() {
    String stat =
        "1234 (odd ) name) S 1 1234 1234 0 -1 4194560 5 6 7 8 250 50 3 4 20 0 12 0 100 200 300";
    assertThat(ProcessUsage.cpuOf(stat)).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void readsSizesOfTheStatus() {
    String status = "Name:\tjava\nVmPeak:\t  900 kB\nVmHWM:\t     512 kB\nVmRSS:\t 256 kB\n";
    assertThat(ProcessUsage.bytesOf("VmHWM", status)).hasValue(512 << 10);
    assertThat(ProcessUsage.bytesOf("VmSwap", status)).isEmpty();
  }

  @Test
  void knowsTheCpuTimeOfThisProcess() {
    assertThat(new ProcessUsage(ProcessHandle.current()).cpu()).isPositive();
  }
}
