package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import java.util.Arrays;
import java.util.Random;

/** Contents of pages: zeros, text that packs well, noise that does not. */
final class SamplePages {
  private SamplePages() {}

  static byte[] zeros() {
    return new byte[PageRun.PAGE_SIZE];
  }

  static byte[] noise(Random random) {
    byte[] page = new byte[PageRun.PAGE_SIZE];
    random.nextBytes(page);
    return page;
  }

  static byte[] filled(int value) {
    byte[] page = new byte[PageRun.PAGE_SIZE];
    Arrays.fill(page, (byte) value);
    return page;
  }

  /** Zeros but for one byte, which may be any. */
  static byte[] nearlyZeros(Random random) {
    byte[] page = zeros();
    page[random.nextInt(page.length)] = 1;
    return page;
  }

  static byte[] any(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> zeros();
      case 1 -> nearlyZeros(random);
      case 2 -> filled(random.nextInt(4));
      case 3 -> filled(random.nextInt(256));
      default -> noise(random);
    };
  }
}
