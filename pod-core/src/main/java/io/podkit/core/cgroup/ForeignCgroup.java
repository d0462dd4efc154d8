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
      for (long other : group.processes()) {
        if (!shareANamespace(
            pid, other)) { // who freezes the group would stop others: itself, perhaps
          throw notItsOwn(pid, group.directories().get(0));
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
   * Whether two processes are in one PID namespace; a process that has ended is in nobody's way.
   */
  private static boolean shareANamespace(long pid, long other) throws IOException {
    try {
      Path namespace = Path.of("ns", "pid");
      return Files.readSymbolicLink(PROC.resolve(Long.toString(other)).resolve(namespace))
          .equals(Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve(namespace)));
    } catch (NoSuchFileException e) {
      return true;
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
