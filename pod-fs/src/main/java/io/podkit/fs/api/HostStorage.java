package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.List;

/** What a host's disk can keep, and what trees need. Thread-safe. */
public interface HostStorage {

  /** Reads everything but the files' contents. */
  FileNeeds needs(List<Path> trees) throws PodkitException;

  /**
   * Something that cannot be kept.
   *
   * @param subject what it is about
   * @param cause why not
   * @param cure what the user can do
   */
  record Unfit(String subject, String cause, String cure) {}

  /**
   * Tries whether the filesystem of pods' files could keep such trees, on files of its own that are
   * gone when this returns.
   */
  List<Unfit> unfit(FileNeeds needs) throws PodkitException;
}
