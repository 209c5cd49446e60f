package io.github.miniscan.bench.contestants;

import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.pubsub.PullMode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;

/**
 * {@link AckOnly}, but for so much CPU time of one thread for each message before its ack. It is
 * spent on hashing: no disk, and no memory to speak of. So it shows what a server loses to a
 * consumer because that uses a core, whatever it uses it for.
 */
public final class AckAfterWork {

  private static final int HASHES_BETWEEN_LOOKS = 32;

  private final MessageDigest hash = MessageDigest.getInstance("SHA-256");
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final byte[] block = new byte[1_024];
  private final long nanosPerMessage;

  private AckAfterWork(long nanosPerMessage) throws NoSuchAlgorithmException {
    this.nanosPerMessage = nanosPerMessage;
  }

  /**
   * Runs until it is ended.
   *
   * @param args those of every contestant; then how to pull, as {@link PullMode} has it, and how
   *     many nanoseconds a message
   */
  public static void main(String[] args) throws InterruptedException, NoSuchAlgorithmException {
    Job job = Job.of(args);
    PullMode pullMode = PullMode.valueOf(args[3]);
    AckAfterWork contestant = new AckAfterWork(Long.parseLong(args[4]));
    try (MessageSource source = AckOnly.open(job, pullMode)) {
      while (true) {
        List<Delivery> deliveries = source.receive(AckOnly.MOST_AT_ONCE, Duration.ofSeconds(1));
        contestant.work(deliveries.size());
        deliveries.forEach(Delivery::ack);
      }
    }
  }

  private void work(int messages) {
    long end = threads.getCurrentThreadCpuTime() + messages * nanosPerMessage;
    while (threads.getCurrentThreadCpuTime() < end) {
      for (int i = 0; i < HASHES_BETWEEN_LOOKS; i++) {
        // What comes out goes in again, so that none can be left out.
        byte[] digest = hash.digest(block);
        System.arraycopy(digest, 0, block, 0, digest.length);
      }
    }
  }
}
