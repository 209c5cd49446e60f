package io.github.miniscan.pubsub.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.pubsub.v1.PubsubMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeaseTimersTest {
  private static final StoredMessage MESSAGE =
      StoredMessage.of(PubsubMessage.getDefaultInstance(), 1, ByteString.EMPTY, 0);

  @Test
  void givesEachLeaseAtItsTimeHoweverTheyWereChanged() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      LeaseTimers timers = new LeaseTimers();
      List<Lease> scheduled = new ArrayList<>();
      for (int step = 0; step < 500; step++) {
        int choice = random.nextInt(4);
        if (choice < 2 || scheduled.isEmpty()) {
          Lease lease = new Lease(MESSAGE, step);
          timers.schedule(lease, random.nextInt(100));
          scheduled.add(lease);
        } else if (choice == 2) {
          timers.schedule(scheduled.get(random.nextInt(scheduled.size())), random.nextInt(100));
        } else {
          timers.cancel(scheduled.remove(random.nextInt(scheduled.size())));
        }
      }
      List<Long> expected =
          scheduled.stream()
              .map(lease -> lease.dueMillis)
              .filter(due -> due <= 50)
              .sorted(Comparator.naturalOrder())
              .toList();

      List<Long> due = new ArrayList<>();
      for (Lease lease = timers.pollDue(50); lease != null; lease = timers.pollDue(50)) {
        due.add(lease.dueMillis);
      }

      assertThat(due).as("seed %d", seed).isEqualTo(expected);
    }
  }
}
