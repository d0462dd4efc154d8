package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;

/**
 * A pod that runs on this host, or is about to, while memory of it is still on another one. Whoever
 * has this fetches that memory: the pod counts as connected until it is closed or its holder dies.
 * Not thread-safe.
 */
public interface FillingPod extends AutoCloseable {
  PodName name();

  /** The directory in memory of that name that the arrival of this pod made. */
  Path scratch(String name);

  /** Nothing is elsewhere any more: the pod is an ordinary one from now on. */
  void complete() throws PodkitException;

  /** Every page is in place: gives the directories in memory back. */
  void filled() throws PodkitException;

  /** Lets go of it; what is missing can be fetched later, by anybody. */
  @Override
  void close() throws PodkitException;
}
