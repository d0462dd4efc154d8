package io.podkit.core.cgroup;

import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.linux.Pid;
import io.podkit.procfs.CgroupMembership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The control group that somebody else made for a process. */
public final class ForeignCgroup {
  private static final Path PROC = Path.of("/proc");

  private ForeignCgroup() {}

  /**
   * The group of that process, which has to be the same in every hierarchy.
   *
   * @throws PodkitException UNSUPPORTED if it is not, or is the root group
   */
  public static PodCgroup of(CgroupLayout layout, long pid) throws PodkitException {
    try {
      String relative = relative(layout, CgroupMembership.of(PROC, new Pid(pid)));
      PodCgroup group = new PodCgroup(layout, relative);
      for (Path directory : group.directories()) {
        if (relative.isEmpty() || !Files.isDirectory(directory)) {
          throw notItsOwn(pid, directory);
        }
      }
      return group;
    } catch (IOException e) {
      throw PodkitException.io("cannot read the control group of process " + pid, e);
    }
  }

  private static PodkitException notItsOwn(long pid, Path directory) {
    return PodkitException.unsupported(
        "process " + pid + " is not in one control group of its own, " + directory,
        new Hint("let the engine make one for each container"));
  }

  /**
   * The same, where it may be frozen: nobody but the container is in it. In a group that it shares
   * with a user's session that would stop the session, and who asked for it, for ever.
   *
   * @throws PodkitException UNSUPPORTED if others are
   */
  public static PodCgroup ofItsOwn(CgroupLayout layout, long pid) throws PodkitException {
    PodCgroup group = of(layout, pid);
    try {
      long self = ProcessHandle.current().pid();
      Optional<Path> ours = namespace(self);
      boolean apart = !namespace(pid).equals(ours);
      for (long other : group.processes()) {
        boolean stranger = apart ? namespace(other).equals(ours) : !descends(other, pid);
        if (other == self || stranger) {
          throw notItsOwn(pid, group.directories().get(0));
        }
      }
      return group;
    } catch (IOException e) {
      throw PodkitException.io("cannot read who shares a group with process " + pid, e);
    }
  }

  /**
   * Whether a process is that one or was started by it: all there is to go by where a container has
   * the host's process ids. True of one that has ended; false of one whose parent has.
   */
  static boolean descends(long process, long ancestor) {
    Optional<ProcessHandle> at = ProcessHandle.of(process);
    if (at.isEmpty()) {
      return true;
    }
    while (at.isPresent() && at.get().pid() != ancestor) {
      at = at.get().parent();
    }
    return at.isPresent();
  }

  /** The PID namespace of a process; empty if it has ended. */
  private static Optional<Path> namespace(long pid) throws IOException {
    try {
      return Optional.of(
          Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve("ns/pid")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Below the roots of the hierarchies; empty for the root group. */
  static String relative(CgroupLayout layout, List<CgroupMembership> places) {
    for (CgroupMembership place : places) {
      boolean asked =
          layout.unified() != null ? place.isUnified() : place.controllers().contains("freezer");
      if (asked) {
        return place.path().substring(1);
      }
    }
    return "";
  }
}
