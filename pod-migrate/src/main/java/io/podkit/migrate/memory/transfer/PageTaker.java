package io.podkit.migrate.memory.transfer;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import java.nio.ByteBuffer;

/** What becomes of the pages that come in batches, one after the other. */
public interface PageTaker {
  /**
   * The content of adjacent pages.
   *
   * @param content at least as long as the run; its position is advanced by that
   */
  void content(long memory, PageRun run, ByteBuffer content) throws PodkitException;

  /** Adjacent pages are zeros. */
  void zeros(long memory, PageRun run) throws PodkitException;

  /**
   * Adjacent pages are equal to others that came this way.
   *
   * @throws PodkitException of kind PEER if those never came
   */
  void same(long memory, PageRun run, long otherMemory, long otherAddress) throws PodkitException;

  /** What came of adjacent pages before is out of date. */
  void absent(long memory, PageRun run) throws PodkitException;
}
