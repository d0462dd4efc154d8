package io.podkit.core.checkpoint;

import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.launch.StandardMounts;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.criu.CriuOptions;
import io.podkit.criu.CriuOptions.AfterDump;
import io.podkit.criu.CriuOptions.Switch;
import io.podkit.criu.UserfaultGrant;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MountedRoot;
import io.podkit.linux.Pid;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What CRIU is told about every pod; dump and restore must agree, so both are written here. Every
 * mount that comes from outside is named: left to find them by itself, CRIU would write this host's
 * paths into the images.
 */
final class PodCriuOptions {
  /** Deleted files that a pod still has open travel in CRIU's images up to this size. */
  private static final long GHOST_LIMIT = 1L << 30;

  private static final int LOG_LEVEL = 3;

  private PodCriuOptions() {}

  static CriuOptions.Builder dump(
      PodRecord record,
      InitProcess init,
      PodCgroup cgroup,
      Path images,
      Path work,
      boolean leaveRunning)
      throws PodkitException {
    CriuOptions.Builder options =
        common(images, work, "dump.log")
            .pid(new Pid(init.pid()))
            .afterDump(leaveRunning ? AfterDump.RUN_ON : AfterDump.KILL)
            .external("mnt[/dev]:dev")
            .external("mnt[/dev/shm]:shm");
    for (int i = 0; i < record.spec().volumes().size(); i++) {
      options.external("mnt[" + record.spec().volumes().get(i).destination() + "]:volume" + i);
    }
    for (String name : StandardMounts.COVERED) {
      options.external("mnt[/proc/" + name + "]:covered-" + name);
    }
    List<String> covers = FormerContainer.covers(record);
    for (int i = 0; i < covers.size(); i++) {
      options.external("mnt[" + covers.get(i) + "]:cover" + i);
    }
    if (record.archive() == null) {
      options.on(Switch.EMPTY_NETWORK_NAMESPACE);
    } else {
      options.external(EngineCriuOptions.network(init));
    }
    Path freezer = cgroup.freezerForCriu();
    if (freezer != null) {
      options.freezeCgroup(freezer);
    }
    return options;
  }

  /**
   * @param covers what lies on the places that an engine had covered
   * @param lazily whether pages that the images call lazy come later
   * @param grant lets tasks have userfaultfds then; null where the kernel grants them anyway
   */
  static CriuOptions restore(
      PodRecord record,
      MountedRoot root,
      List<Path> covers,
      Path images,
      Path work,
      boolean lazily,
      @Nullable UserfaultGrant grant) {
    CriuOptions.Builder options =
        common(images, work, "restore.log")
            .on(Switch.EMPTY_NETWORK_NAMESPACE)
            .root(root.root())
            .external("mnt[dev]:" + root.dev())
            .external("mnt[shm]:" + root.shm());
    for (int i = 0; i < record.spec().volumes().size(); i++) {
      options.external("mnt[volume" + i + "]:" + root.volume(i));
    }
    for (String name : StandardMounts.COVERED) {
      options.external("mnt[covered-" + name + "]:" + root.dev().resolve("null"));
    }
    for (int i = 0; i < covers.size(); i++) {
      options.external("mnt[cover" + i + "]:" + covers.get(i));
    }
    if (lazily) {
      options.on(Switch.LAZY_PAGES);
    }
    if (grant != null) {
      options.preload(grant);
    }
    return options.build();
  }

  static CriuOptions.Builder common(Path images, Path work, String log) {
    return CriuOptions.in(images)
        .work(work)
        .log(log, LOG_LEVEL)
        .ghostLimit(GHOST_LIMIT)
        .on(
            Switch.TCP_ESTABLISHED,
            Switch.FILE_LOCKS,
            Switch.LINK_REMAP,
            Switch.IGNORE_CGROUPS,
            Switch.NO_NETWORK_LOCK);
  }
}
