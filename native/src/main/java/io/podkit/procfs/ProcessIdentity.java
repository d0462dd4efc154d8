package io.podkit.procfs;

import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process told from later ones of the same pid by the time it started; can be kept on disk, as
 * long as the boot id is kept beside it.
 *
 * @param pid in the host's pid namespace
 * @param startTime since boot, in clock ticks
 */
public record ProcessIdentity(Pid pid, long startTime) {

  /** The process that has this pid now, or empty if none has. */
  public static Optional<ProcessIdentity> of(Path proc, Pid pid) throws IOException {
    return ProcStat.of(proc, pid).map(stat -> new ProcessIdentity(pid, stat.startTime()));
  }

  /** Whether this very process still runs; a zombie does not. */
  public boolean isRunning(Path proc) throws IOException {
    return ProcStat.of(proc, pid)
        .filter(stat -> stat.startTime() == startTime && !stat.isZombie())
        .isPresent();
  }
}
