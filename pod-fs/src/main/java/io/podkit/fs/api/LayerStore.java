package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The layers of one host: read-only squashfs files named by their content, each mounted at most
 * once; and those in the directories of {@link LayerSources}. Thread-safe, also against other
 * processes on the same directories.
 */
public interface LayerStore {

  /** Whether the layer is on this host, or in one of its layer sources by the look of it. */
  boolean has(LayerDigest layer) throws PodkitException;

  /**
   * As {@link #has}, but what lies in a layer source counts only if its content is right, which may
   * mean to read all of it.
   */
  boolean hasVerified(LayerDigest layer) throws PodkitException;

  /**
   * The layer's file, in the host's own store or in a layer source.
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

  /**
   * How many bytes of a layer's file would have to come from another host: what an earlier transfer
   * left need not come again.
   *
   * @param size of its file
   */
  long missingBytes(LayerDigest layer, long size) throws PodkitException;

  /**
   * The digest of the first bytes of the layer's file.
   *
   * @param length how many; not more than there are
   * @throws PodkitException NOT_FOUND if it is not here, IO if it cannot be read or is shorter
   */
  LayerDigest prefix(LayerDigest layer, long length) throws PodkitException;

  /** All layers in the host's own store, by digest. */
  List<LayerDigest> list() throws PodkitException;

  /**
   * Opens the layer's file for sending; the caller closes it.
   *
   * @throws PodkitException NOT_FOUND if it is not here
   */
  InputStream open(LayerDigest layer) throws PodkitException;

  /**
   * Makes ready to take a layer that another host sends. Waits while somebody else takes the same
   * one. The caller has reserved it, or names it before anybody can prune it.
   *
   * @param size of its file, in bytes
   * @return owned by the caller
   */
  IncomingLayer incoming(LayerDigest layer, long size) throws PodkitException;

  /**
   * Stores a layer that another host sends, from its first byte. Nothing is kept unless the content
   * has that digest. A layer that is here already is not read.
   *
   * @param in exactly {@code size} bytes are read from it; not closed
   * @throws PodkitException PEER if the content is not the layer, IO if it cannot be stored
   * @throws IOException as {@code in} threw it
   */
  default void receive(LayerDigest layer, InputStream in, long size)
      throws PodkitException, IOException {
    try (IncomingLayer incoming = incoming(layer, size)) {
      if (!incoming.isHere()) {
        incoming.receive(in, 0);
      }
    }
  }

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
   * Makes the reference counts true again after a crash: whoever uses none is forgotten, pods whose
   * files are mounted are noted, and layers without a user are unmounted.
   */
  void reconcile(LayerNeeds needs) throws PodkitException;

  /**
   * As long as it is open no layer is removed: for whoever finds out which layers there are before
   * it can say that it needs them.
   *
   * @return owned by the caller
   */
  Hold hold() throws PodkitException;

  /** A time without garbage collection. Closing ends it. */
  interface Hold extends AutoCloseable {
    @Override
    void close() throws PodkitException;
  }
}
