package io.podkit.core.checkpoint;

import io.podkit.core.cgroup.PodCgroup;
import io.podkit.criu.image.IrmapCache;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.Trees;
import io.podkit.linux.Device;
import io.podkit.linux.Pid;
import io.podkit.procfs.FileWatch;
import io.podkit.procfs.MountEntry;
import io.podkit.procfs.MountInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells CRIU where the inodes lie that a pod watches (inotify, fanotify). The kernel says of a
 * watch only its inode, and an overlay of several squashfs layers opens no file handles, by which
 * CRIU would find the path. So Podkit finds it, while the pod runs; see docs/adr/0007.
 */
final class WatchedFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);
  private static final Path PROC = Path.of("/proc");

  private final Path work;

  private WatchedFiles(Path work) {
    this.work = work;
  }

  /**
   * Tells it, until this is closed. A watch that is set or moved later is left to CRIU's own
   * search.
   *
   * @param root the pod's {@code /} on this host
   * @param work CRIU's working directory for the dump to come
   */
  static WatchedFiles tell(PodCgroup cgroup, Trees trees, Path root, Path work)
      throws PodkitException {
    try {
      IrmapCache.delete(work); // of an earlier dump
      Set<FileWatch> watches = watches(cgroup);
      if (!watches.isEmpty()) {
        Device device = device(root);
        IrmapCache.write(work, device, trees.locate(root, inodes(watches, device)));
      }
      return new WatchedFiles(work);
    } catch (IOException e) {
      throw PodkitException.io("cannot find what the pod watches", e);
    }
  }

  /** What is left is no harm: CRIU checks each entry, and the next dump removes it first. */
  @Override
  public void close() {
    try {
      IrmapCache.delete(work);
    } catch (IOException e) {
      LOG.warn("cannot remove the list of what the pod watches", e);
    }
  }

  private static Set<FileWatch> watches(PodCgroup cgroup) throws PodkitException, IOException {
    Set<FileWatch> watches = new LinkedHashSet<>();
    for (long pid : cgroup.processes()) {
      watches.addAll(FileWatch.of(PROC, new Pid(pid)));
    }
    return watches;
  }

  private static Set<Long> inodes(Set<FileWatch> watches, Device device) {
    return watches.stream()
        .filter(watch -> watch.device().equals(device))
        .map(FileWatch::inode)
        .collect(Collectors.toSet());
  }

  private static Device device(Path root) throws IOException {
    return MountInfo.self(PROC)
        .at(root)
        .map(MountEntry::device)
        .orElseThrow(() -> new IOException(root + " is not mounted"));
  }
}
