package io.podkit.cli.option;

/** What is to become of other content on the target where a pod's volume goes. */
public enum VolumeConflict {
  /** The move is refused. */
  REFUSE,
  /** It goes, once the pod runs there. */
  REPLACE;

  /** Whether it is to go. */
  public boolean replaces() {
    return this == REPLACE;
  }
}
