package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.util.Map;
import java.util.Set;

/**
 * Who needs layers, as the pods' records and the kernel say. Asked while nobody can add, mount or
 * remove one; the answers must not wait for somebody who mounts.
 */
public interface LayerNeeds {

  /** How certain it is that somebody uses layers. */
  enum Use {
    /** There is no such user, or it has none of its layers mounted. */
    NONE,
    /** A command is at work for it right now: it may be about to use them. */
    POSSIBLE,
    /** Its files are mounted. */
    CERTAIN
  }

  /** The layers that records name, by pod, whether the pods run or not. */
  Map<StagingName, Set<LayerDigest>> named() throws PodkitException;

  /** How it stands with that user now. */
  Use of(StagingName user) throws PodkitException;
}
