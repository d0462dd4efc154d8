package io.podkit.fs.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A directory that becomes a copy of a {@link TreeSource}'s tree. Nothing in a stream can reach
 * outside the directory. Not thread-safe; closing it leaves the directory as it is.
 */
public interface TreeTarget extends AutoCloseable {

  /**
   * Applies one pass.
   *
   * @param in read exactly to the stream's end mark; not closed
   * @return entries applied and bytes written
   * @throws PodkitException PEER if the stream breaks its rules or a limit, IO if writing failed;
   *     the directory then holds part of the pass and is good only for removal
   * @throws IOException as {@code in} threw it
   */
  @CanIgnoreReturnValue
  TreeSize apply(InputStream in) throws PodkitException, IOException;

  /**
   * Waits until everything applied so far is on stable storage; may be called while another thread
   * applies a pass. After the first pass it takes long, after a short last one little.
   *
   * @throws PodkitException IO if the storage reports an error
   */
  void sync() throws PodkitException;

  @Override
  void close();
}
