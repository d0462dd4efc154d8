package io.podkit.fs.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The layers of one host: read-only squashfs files named by their content, each mounted at most
 * once. Thread-safe, also against other processes on the same directories.
 */
public interface LayerStore {

  /** Whether the layer is on this host. */
  boolean has(LayerDigest layer);

  /**
   * The layer's file.
   *
   * @throws PodkitException NOT_FOUND if it is not here
   */
  Path path(LayerDigest layer) throws PodkitException;

  /**
   * The size of the layer's file in bytes.
   *
   * @throws PodkitException NOT_FOUND if it is not here
   */
  long size(LayerDigest layer) throws PodkitException;

  /** All layers here, by digest. */
  List<LayerDigest> list() throws PodkitException;

  /**
   * Opens the layer's file for sending; the caller closes it.
   *
   * @throws PodkitException NOT_FOUND if it is not here
   */
  InputStream open(LayerDigest layer) throws PodkitException;

  /**
   * Stores a layer that another host sends. Nothing is kept unless the content has that digest. A
   * layer that is here already is not read.
   *
   * @param in exactly {@code size} bytes are read from it; not closed
   * @throws PodkitException PEER if the content is not the layer, IO if it cannot be stored
   * @throws IOException as {@code in} threw it
   */
  void receive(LayerDigest layer, InputStream in, long size) throws PodkitException, IOException;

  /**
   * Makes a layer of a host directory, as an image import does, without naming it.
   *
   * @throws PodkitException NOT_FOUND if there is no such directory, COMMAND if packing failed
   */
  LayerDigest packDirectory(Path directory, ByteListener listener) throws PodkitException;

  /**
   * Keeps layers from being pruned until {@link #release}, whether they are here or about to be
   * received.
   */
  void reserve(Set<LayerDigest> layers, StagingName user) throws PodkitException;

  /**
   * Makes the layer visible, mounting it if {@code user} is the first. Again by the same user does
   * nothing more.
   *
   * @return where it is mounted, read-only and without device nodes
   * @throws PodkitException NOT_FOUND if it is not here, IO if it cannot be mounted
   */
  Path mount(LayerDigest layer, StagingName user) throws PodkitException;

  /** Ends {@code user}'s use and reservation; the last user's release unmounts. Idempotent. */
  void release(LayerDigest layer, StagingName user) throws PodkitException;

  /**
   * Makes the reference counts true again after a crash: only these users remain, and layers
   * without one are unmounted.
   *
   * @param inUse for each user that is alive, the layers it needs
   */
  void reconcile(Map<StagingName, Set<LayerDigest>> inUse) throws PodkitException;

  /**
   * Removes every layer that is neither in {@code needed} nor mounted nor reserved.
   *
   * @return what was removed
   */
  @CanIgnoreReturnValue
  List<LayerDigest> gc(Set<LayerDigest> needed) throws PodkitException;
}
