package io.podkit.core.checkpoint;

import io.podkit.core.api.PodProcess;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.error.PodkitException;
import io.podkit.linux.Pid;
import io.podkit.procfs.ProcStat;
import io.podkit.procfs.ProcStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes in a pod's control group that are in its pid namespace too. */
final class CgroupProcesses implements PodProcesses {
  private static final Path PROC = Path.of("/proc");

  private final PodCgroup cgroup;

  CgroupProcesses(PodCgroup cgroup) {
    this.cgroup = cgroup;
  }

  @Override
  public List<PodProcess> list() throws PodkitException {
    List<PodProcess> processes = new ArrayList<>();
    try {
      for (long number : cgroup.processes()) {
        Pid pid = new Pid(number);
        Optional<ProcStat> stat = ProcStat.of(PROC, pid);
        Optional<ProcStatus> status = ProcStatus.of(PROC, pid);
        boolean lives = stat.isPresent() && !stat.get().isZombie() && status.isPresent();
        // A CRIU at work in the group is not in the pod.
        if (lives && status.get().namespacePids().size() > 1) {
          processes.add(new PodProcess(pid, status.get().innermostPid()));
        }
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot look at the pod's processes", e);
    }
    return processes;
  }

  @Override
  public boolean canStop() {
    return cgroup.freezerForCriu() != null;
  }

  @Override
  public void stop() throws PodkitException {
    cgroup.freeze();
  }

  @Override
  public void resume() throws PodkitException {
    cgroup.thaw();
  }

  @Override
  public long cpuNanos() throws PodkitException {
    return cgroup.cpuTime().toNanos();
  }
}
