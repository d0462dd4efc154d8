package io.podkit.core.api;

import io.podkit.error.PodkitException;

/** Finds out what this host is and can do. */
public interface HostInspector {
  /** Every probe, the functional check of CRIU included; takes a second or two. */
  HostReport doctor() throws PodkitException;

  /** What a peer needs to know of this host; quick. */
  HostFacts facts() throws PodkitException;

  /** How much it has, and how busy it is; quick. */
  HostCapacity capacity() throws PodkitException;
}
