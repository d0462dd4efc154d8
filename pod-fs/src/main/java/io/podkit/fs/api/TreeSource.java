package io.podkit.fs.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A tree on its way to another host, in passes: the first sends everything, each later one what
 * changed since the one before; of large files, the blocks that changed. Each pass writes one
 * complete stream, which {@link TreeTarget#apply} reads. Not thread-safe; closing it frees its
 * memory and changes nothing.
 *
 * <p>Processes may write to the tree between and during passes, but not during {@link #lastPass}. A
 * hostile one cannot make a pass read outside the tree.
 */
public interface TreeSource extends AutoCloseable {

  /**
   * Sends what changed while its processes may be writing.
   *
   * @param out gets one stream; flushed, not closed
   * @param mapped looked at whether the kernel told of a change or not
   * @throws PodkitException UNSUPPORTED for something that cannot be carried, IO if reading failed
   * @throws IOException as {@code out} threw it; the source can then only be closed
   */
  @CanIgnoreReturnValue
  TreePass pass(OutputStream out, MappedFiles mapped) throws PodkitException, IOException;

  /**
   * Sends the rest while nothing writes to the tree; afterwards the target has exactly this tree.
   * Can be repeated.
   *
   * @param out gets one stream; flushed, not closed
   * @param mapped as in {@link #pass}
   * @throws PodkitException as {@link #pass}
   * @throws IOException as {@code out} threw it
   */
  @CanIgnoreReturnValue
  TreePass lastPass(OutputStream out, MappedFiles mapped) throws PodkitException, IOException;

  @Override
  void close();
}
