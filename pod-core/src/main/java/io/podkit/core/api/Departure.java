package io.podkit.core.api;

import io.podkit.criu.PageFilter;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.List;

/**
 * A pod that is about to leave this host; holds the pod's lock until it is closed.
 *
 * <p>Until {@link #grant} the pod is only frozen, never changed: closing makes it run on with its
 * network. After it only the target's answer decides, through {@link #release} or {@link
 * #takeBack}. Not thread-safe.
 */
public interface Departure extends AutoCloseable {
  PodStatus pod() throws PodkitException;

  /**
   * What the target needs to become the pod's owner: opaque to all but {@link Arrivals}.
   *
   * @param layers digests of the layers it will stand on there, lowest first
   */
  byte[] record(List<String> layers) throws PodkitException;

  /** Memory the pod's processes hold now, in bytes; an estimate for the target's preflight. */
  long memoryBytes() throws PodkitException;

  /** The trees that travel, volumes excluded. */
  List<PodTree> trees() throws PodkitException;

  /** Its volumes, as trees. */
  List<PodTree> volumes();

  /**
   * Marks the volumes, so that the target can tell storage that both hosts share from a directory
   * of the same name.
   *
   * @return removes the marks
   */
  Marks markVolumes() throws PodkitException;

  /** Marks in volumes, until closed. */
  interface Marks extends AutoCloseable {
    @Override
    void close() throws PodkitException;
  }

  /** What stands in the way of a dump, found without touching the pod; empty if nothing does. */
  List<HostCheck> blockers() throws PodkitException;

  /**
   * Slows the pod down while it still runs here. How busy it is is measured from this call on;
   * where the host cannot limit processor time, applying it is refused.
   */
  CpuThrottle throttle() throws PodkitException;

  /**
   * Freezes the pod and writes CRIU's images.
   *
   * @param images an empty directory, on a tmpfs if the time matters
   * @param memory which way the contents of its memory go
   * @param steps called while the pod is frozen; see there for who decides
   */
  void dump(Path images, MemoryRoute memory, FrozenSteps steps) throws PodkitException;

  /** Its running processes. */
  PodProcesses processes() throws PodkitException;

  /**
   * A filter for {@link MemoryRoute#around}.
   *
   * @param plan a file that does not exist yet, on a tmpfs if the time matters
   */
  PageFilter pageFilter(Path plan);

  /**
   * Records durably that the target may own the pod from now on, and freezes it beyond CRIU's
   * reach, so that not even the death of every process of ours lets it run again. Called from
   * {@link FrozenSteps#written}.
   */
  void grant() throws PodkitException;

  /** The target owns the pod: ends it here and removes everything of it. */
  void release() throws PodkitException;

  /**
   * The target will never own the pod: undoes {@link #grant}. It runs on when this is closed, and
   * also if this process dies first.
   */
  void takeBack() throws PodkitException;

  /** Makes the pod run on with its network, unless it was granted or released. */
  @Override
  void close() throws PodkitException;
}
