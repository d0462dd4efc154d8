package io.podkit.core.api;

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
public interface Departure extends RunningPod {
  /**
   * Slows the pod down while it still runs here. How busy it is is measured from this call on;
   * where the host cannot limit processor time, applying it is refused.
   */
  CpuThrottle throttle() throws PodkitException;

  /**
   * Notes durably which of its volumes travel, and that what is left of them here is a stale copy
   * once the pod is released.
   *
   * @return those that travel, to be sent like {@link #trees}
   */
  List<PodTree> take(List<VolumeFate> volumes) throws PodkitException;

  /**
   * Freezes the pod and writes CRIU's images.
   *
   * @param images an empty directory, on a tmpfs if the time matters
   * @param memory which way the contents of its memory go
   * @param steps called while the pod is frozen; see there for who decides
   */
  void dump(Path images, MemoryRoute memory, FrozenSteps steps) throws PodkitException;

  /**
   * Records durably that the target may own the pod from now on, and freezes it beyond CRIU's
   * reach, so that not even the death of every process of ours lets it run again. Called from
   * {@link FrozenSteps#written}.
   */
  void grant() throws PodkitException;

  /**
   * Records durably that the pod runs on the target, which takes memory from the frozen processes
   * here: from now on not even {@link #takeBack} could make it whole, because what it did there
   * would be lost. After {@link #grant}.
   */
  void serve() throws PodkitException;

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
