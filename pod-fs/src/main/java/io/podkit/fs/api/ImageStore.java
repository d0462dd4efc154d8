package io.podkit.fs.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The images of one host. Thread-safe, also against other processes on the same directories. */
public interface ImageStore {

  /**
   * Makes one layer of a directory or tar file, or all the layers of an image archive, and names
   * them. The same content gives the same layer on any host; content that is stored already adds
   * nothing.
   *
   * @throws PodkitException NOT_FOUND if the source or the base is missing, REFUSED if a tar entry
   *     would lie outside the tree or an archive is broken, USAGE if the file is no tar, COMMAND if
   *     packing failed
   */
  @CanIgnoreReturnValue
  Image importImage(ImportRequest request, ByteListener listener) throws PodkitException;

  /**
   * Fetches an image from a registry. Layers that are known here by the digest of their tar file
   * are not fetched; those that had come when it failed are kept until {@link #prune}, so that the
   * next try is shorter.
   *
   * @param listener told what has come of the layers that are fetched
   * @throws PodkitException NOT_FOUND if there is no such image, REFUSED if the registry or we
   *     refuse it, PEER if the connection fails, USAGE if the reference is malformed
   */
  @CanIgnoreReturnValue
  Image pull(PullRequest request, ByteListener listener) throws PodkitException;

  /**
   * Makes an image of a pod: its own files as a new layer on those it was stacked on.
   *
   * @param stillness keeps the pod's files as they are while they are copied; what takes longer is
   *     done afterwards
   * @throws PodkitException REFUSED if something in the directory cannot be told in a layer,
   *     NOT_FOUND if a layer of the base is missing
   */
  @CanIgnoreReturnValue
  Image commit(CommitRequest request, CommitRequest.Stillness stillness, ByteListener listener)
      throws PodkitException;

  /**
   * Writes an image for other tools. The same image gives the same bytes, and importing them the
   * same layers again.
   *
   * @param out flushed, not closed
   * @throws PodkitException NOT_FOUND if the image or a layer is missing, REFUSED if a layer cannot
   *     be told in that form
   * @throws IOException as {@code out} threw it
   */
  void export(ImageName name, ImageFormat format, OutputStream out, ByteListener listener)
      throws PodkitException, IOException;

  /**
   * Reads the files of layers again and compares their digests.
   *
   * @param names whose layers; all layers of this host if it is empty
   * @return a verdict for each layer, by digest
   * @throws PodkitException NOT_FOUND if an image is missing, IO if a file cannot be read
   */
  List<LayerCheck> verify(Collection<ImageName> names, ByteListener listener)
      throws PodkitException;

  /** All images, by name. */
  List<Image> list() throws PodkitException;

  /** The image of that name, if there is one. */
  Optional<Image> find(ImageName name) throws PodkitException;

  /**
   * The image of that name.
   *
   * @throws PodkitException NOT_FOUND if there is none
   */
  Image get(ImageName name) throws PodkitException;

  /**
   * Forgets an image; its layers stay until {@link #prune}.
   *
   * @param users the pods that were made from it; the caller knows them
   * @throws PodkitException NOT_FOUND if there is none, CONFLICT if {@code users} is not empty
   */
  void remove(ImageName name, Collection<StagingName> users) throws PodkitException;

  /**
   * Removes the layers that no image, no pod and no reservation needs.
   *
   * <p>What crashed commands and broken transfers left goes, too.
   *
   * @param pods whose records name layers; asked when nobody can add a layer any more
   * @return what was removed
   */
  @CanIgnoreReturnValue
  List<LayerDigest> prune(LayerNeeds pods) throws PodkitException;
}
