package io.github.miniscan.proof.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** The ways to damage a file of pages, or the write-ahead log beside it. */
enum Damage {
  FLIPPED_BITS {
    @Override
    byte[] to(byte[] file, Random random) {
      byte[] damaged = file.clone();
      for (int i = random.nextInt(8); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return damaged;
    }
  },
  OVERWRITTEN_BYTES {
    @Override
    byte[] to(byte[] file, Random random) {
      byte[] damaged = file.clone();
      int from = random.nextInt(damaged.length);
      int to = Math.min(damaged.length, from + 1 + random.nextInt(600));
      byte[] noise = new byte[to - from];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, damaged, from, noise.length);
      return damaged;
    }
  },
  /** The first hundred bytes: of the database its header, of a log its own and a frame's. */
  CHANGED_HEADER {
    @Override
    byte[] to(byte[] file, Random random) {
      byte[] damaged = file.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        int at = random.nextInt(Math.min(100, damaged.length));
        damaged[at] =
            (byte) (random.nextBoolean() ? ODD[random.nextInt(ODD.length)] : damaged[at] + 1);
      }
      return damaged;
    }
  },
  /** The first bytes of a page: its kind, how many cells it has, and where they are. */
  CHANGED_PAGE_HEADER {
    @Override
    byte[] to(byte[] file, Random random) {
      byte[] damaged = file.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        int at = page(file, random) + random.nextInt(32);
        damaged[Math.min(at, damaged.length - 1)] = (byte) ODD[random.nextInt(ODD.length)];
      }
      return damaged;
    }
  },
  SWAPPED_PAGES {
    @Override
    byte[] to(byte[] file, Random random) {
      byte[] damaged = file.clone();
      int one = page(file, random);
      int other = page(file, random);
      int length = Math.min(PAGE, Math.min(file.length - one, file.length - other));
      System.arraycopy(file, one, damaged, other, length);
      System.arraycopy(file, other, damaged, one, length);
      return damaged;
    }
  },
  REPEATED_PAGE {
    @Override
    byte[] to(byte[] file, Random random) {
      byte[] damaged = file.clone();
      int one = page(file, random);
      int other = page(file, random);
      int length = Math.min(PAGE, Math.min(file.length - one, file.length - other));
      System.arraycopy(file, one, damaged, other, length);
      return damaged;
    }
  },
  ZEROED_PAGE {
    @Override
    byte[] to(byte[] file, Random random) {
      byte[] damaged = file.clone();
      int from = page(file, random);
      Arrays.fill(damaged, from, Math.min(damaged.length, from + PAGE), (byte) 0);
      return damaged;
    }
  },
  CUT_OFF {
    @Override
    byte[] to(byte[] file, Random random) {
      int length = random.nextBoolean() ? page(file, random) : random.nextInt(file.length);
      return Arrays.copyOf(file, length);
    }
  },
  GROWN {
    @Override
    byte[] to(byte[] file, Random random) {
      byte[] noise = new byte[1 + random.nextInt(3 * PAGE)];
      random.nextBytes(noise);
      return ByteBuffer.allocate(file.length + noise.length).put(file).put(noise).array();
    }
  };

  private static final int PAGE = 4096;
  private static final int[] ODD = {0, 1, 2, 5, 10, 13, 16, 64, 127, 128, 129, 254, 255};

  /** A damaged copy. */
  abstract byte[] to(byte[] file, Random random);

  private static int page(byte[] file, Random random) {
    return random.nextInt((file.length + PAGE - 1) / PAGE) * PAGE;
  }
}
