package io.podkit.core.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.Image;

/** Images made of pods. */
public interface Commits {
  /**
   * Makes an image of a pod's files: what it wrote becomes a layer on those it was made from. The
   * pod goes on as it is. Volumes are no part of it, nor are the files by which a pod knows its
   * name.
   *
   * @throws PodkitException CONFLICT if the pod is moving, REFUSED if something in its files cannot
   *     be told in a layer
   */
  @CanIgnoreReturnValue
  Image commit(PodName name, CommitSpec spec, ByteListener listener) throws PodkitException;
}
