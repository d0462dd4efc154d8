package io.podkit.criu;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A dump that has succeeded.
 *
 * @param counts what CRIU counted; null if it left no readable statistics, which changes nothing
 *     about the dump
 */
public record DumpResult(@Nullable Counts counts) {

  /**
   * What CRIU counted.
   *
   * @param freezing until the tasks stood still
   * @param frozen how long they stood still
   * @param memory how long their memory took
   * @param pagesScanned pages looked at
   * @param pagesWritten pages written to files or to the page server
   */
  public record Counts(
      Duration freezing, Duration frozen, Duration memory, long pagesScanned, long pagesWritten) {}
}
