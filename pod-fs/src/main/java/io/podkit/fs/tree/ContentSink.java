package io.podkit.fs.tree;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes what a file holds, piece by piece. */
interface ContentSink {

  /**
   * Takes data that lies at that offset; at most {@link StreamFormat#MAX_SEGMENT} bytes.
   *
   * @param data the sink's only until it returns
   */
  void data(long offset, ByteBuffer data) throws IOException;

  /** Where the file had data before, it has none any more. */
  void hole(long offset, long length) throws IOException;
}
