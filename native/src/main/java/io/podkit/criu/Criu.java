package io.podkit.criu;

import io.podkit.error.PodkitException;
import java.nio.file.Path;

/**
 * Freezes trees of processes into images and thaws them from there.
 *
 * <p>Safe for use by many threads: each call has a CRIU process of its own.
 */
public interface Criu {

  /** Which CRIU answers. */
  CriuVersion version() throws PodkitException;

  /** What this CRIU can do on this kernel. */
  FeatureReport features() throws PodkitException;

  /**
   * Writes a tree of processes into images.
   *
   * <p>Returning normally means that the tasks are gone (or whatever {@link CriuOptions.AfterDump}
   * says). Every exception means that they run on as before, and that CRIU has ended: also when a
   * method of {@code notify} threw, which is how a migration aborts. When this very process is
   * killed in the middle they run on too, because CRIU then finds its socket closed. Only who kills
   * CRIU itself may harm them.
   *
   * @throws CriuException if CRIU fails
   * @throws PodkitException what a method of {@code notify} threw; UNSUPPORTED or IO if CRIU cannot
   *     be started
   */
  DumpResult dump(CriuOptions options, CriuNotify notify) throws PodkitException;

  /**
   * Brings a tree of processes back from images.
   *
   * <p>Returning normally means that the tasks run. Every exception means that there are none:
   * after a method of {@code notify} threw they are killed, even at the point where CRIU itself
   * would let them run.
   *
   * @return the root task, and the CRIU process or its monitor, which the caller owns
   * @throws CriuException if CRIU fails
   * @throws PodkitException what a method of {@code notify} threw; UNSUPPORTED or IO if CRIU cannot
   *     be started
   */
  RestoreResult restore(CriuOptions options, CriuNotify notify) throws PodkitException;

  /**
   * Writes down this host's processor into a directory.
   *
   * @throws CriuException if CRIU fails
   */
  void cpuinfoDump(Path directory) throws PodkitException;

  /**
   * Checks that this host's processor has what the one written down in a directory has.
   *
   * @throws CriuException if it lacks something, or CRIU fails
   */
  void cpuinfoCheck(Path directory) throws PodkitException;
}
