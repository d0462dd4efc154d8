package io.podkit.fs.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The directories on shared storage from which this host mounts layers instead of copying them.
 * Nothing in them is ever changed, but by {@link #publish}. Thread-safe, also against other
 * processes.
 *
 * <p>A layer's whole content is compared with its digest before the host uses it the first time;
 * afterwards its size, time and inode are, as long as they stay.
 */
public interface LayerSources {

  /** All of them, in the order in which they are searched. */
  List<LayerSource> list() throws PodkitException;

  /**
   * Has this host look for layers there from now on, after the directories it knows. One that is
   * known already is no error.
   *
   * @param directory absolute
   * @throws PodkitException NOT_FOUND if it is no directory, REFUSED if it is this host's own store
   */
  @CanIgnoreReturnValue
  LayerSource add(Path directory) throws PodkitException;

  /**
   * Forgets a directory; what is mounted from it stays mounted.
   *
   * @param neededBy for the layers that pods and images need: who needs them
   * @throws PodkitException NOT_FOUND if it is none of them, CONFLICT if a layer is needed and is
   *     neither in the host's own store nor in another of the directories
   */
  void remove(Path directory, Map<LayerDigest, String> neededBy) throws PodkitException;

  /**
   * Whether a layer in one of the directories is what it should be.
   *
   * @param directory where it lies
   * @param layer which one
   * @param problem what is wrong with it; empty if nothing is
   */
  record Verified(Path directory, LayerDigest layer, String problem) {}

  /** Reads every layer in that directory, and compares its content with its name. */
  List<Verified> verify(Path directory, ByteListener listener) throws PodkitException;

  /**
   * Copies a layer's file into a directory, so that whoever reads there finds it whole or not at
   * all. One that is there already is left as it is.
   *
   * @param file where it lies now
   * @return whether it was copied
   * @throws PodkitException NOT_FOUND if there is no such directory, IO if it cannot be written
   */
  @CanIgnoreReturnValue
  boolean publish(LayerDigest layer, Path file, Path directory, ByteListener listener)
      throws PodkitException;
}
