package io.podkit.fs.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
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
