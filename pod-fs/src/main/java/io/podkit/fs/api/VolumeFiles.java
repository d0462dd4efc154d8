package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;

/**
 * What there is to know and to do about directories and single files that pods see as volumes. A
 * symbolic link as the last component is followed by none of these.
 */
public interface VolumeFiles {

  /** What Podkit puts for a moment into directories that are not its own begins with this. */
  String OWN_PREFIX = ".podkit-";

  /**
   * A digest of what a program that reads the content could tell apart: names, types, permissions,
   * owners, links, extended attributes and bytes. Times and holes do not count. Reads everything.
   *
   * @return {@code sha256:HEX}
   * @throws PodkitException UNSUPPORTED if something is mounted in it
   */
  String digest(Path place) throws PodkitException;

  /**
   * A digest that any change made by a program moves, without reading content: names, inodes, sizes
   * and change times. Two copies of one tree differ in it.
   *
   * @return {@code sha256:HEX}
   * @throws PodkitException as {@link #digest}
   */
  String stamp(Path place) throws PodkitException;

  /**
   * How much it holds; as {@link Trees#measure}, and of a single file its own size.
   *
   * @throws PodkitException as {@link #digest}
   */
  TreeSize measure(Path place) throws PodkitException;

  /**
   * Whether a directory holds nothing but what Podkit put there and the empty {@code lost+found} of
   * a fresh filesystem.
   */
  boolean isEmpty(Path directory) throws PodkitException;

  /**
   * Copies what a directory of an image holds, and the directory's own attributes, into an empty
   * directory; does nothing if there is no such directory.
   *
   * @param root the image's root, mounted; no link in it leads out
   * @param path absolute in it
   */
  void fill(Path root, Path path, Path into) throws PodkitException;

  /**
   * Gives a file or directory another name on the same filesystem; the change has reached the disk
   * when this returns.
   *
   * @throws PodkitException CONFLICT if {@code to} exists already, IO if it cannot be renamed, such
   *     as where something is mounted on it
   */
  void move(Path from, Path to) throws PodkitException;

  /** Removes a file or a directory with all it holds; does nothing if it is not there. */
  void remove(Path place) throws PodkitException;

  /**
   * Moves what a directory holds into a new directory in it, and keeps the directory's own
   * attributes there.
   *
   * @param name of the new directory; begins with {@link #OWN_PREFIX}
   */
  void setAside(Path directory, String name) throws PodkitException;

  /**
   * Undoes {@link #setAside}, also one that was cut off: what has come into the directory since is
   * removed. Does nothing if nothing was set aside.
   */
  void bringBack(Path directory, String name) throws PodkitException;
}
