package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A layer that another host is sending. Nobody else takes the same one meanwhile. What has come
 * stays when it is closed early, so that the next transfer can go on from there. Not thread-safe.
 */
public interface IncomingLayer extends AutoCloseable {

  /** Whether the whole layer is here: then nothing need be sent. */
  boolean isHere();

  /** How many bytes of its file are here; 0 if it is here as a whole. */
  long offset();

  /** The digest of those bytes, by which the sender finds out whether they are right. */
  LayerDigest prefix();

  /**
   * Takes the rest. Nothing is kept of what turns out not to be the layer, nor of what did not fit
   * on the disk.
   *
   * @param in everything from {@code from} on; not closed
   * @param from {@link #offset}, or 0 to throw away what is here
   * @throws PodkitException PEER if the content is not the layer, IO if it cannot be stored
   * @throws IOException as {@code in} threw it; what came before stays
   */
  void receive(InputStream in, long from) throws PodkitException, IOException;

  /** Lets somebody else take it. */
  @Override
  void close() throws PodkitException;
}
