package io.podkit.core.checkpoint;

import io.podkit.core.api.PodProcess;
import io.podkit.core.api.PodProcesses;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import io.podkit.linux.Pid;
import io.podkit.procfs.MemoryMapping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files of a pod's trees that its processes have mapped and share with the file: stores
 * there move nothing but, at the first in a clean page, the file's times.
 */
final class MappedTreeFiles {

  private static final Logger LOG = LoggerFactory.getLogger(MappedTreeFiles.class);
  private static final Path PROC = Path.of("/proc");
  private static final String NAMES = "unix:nlink";
  private static final String DEVICE = "unix:dev";
  private static final String INODE = "unix:ino";

  /**
   * A tree as the pod sees it.
   *
   * @param label the tree's
   * @param directory where it is seen from this host, as the pod sees it
   * @param mountPoint in the pod
   */
  record View(String label, Path directory, Path mountPoint) {}

  private record Mapped(Pid pid, MemoryMapping mapping) {}

  private final List<View> views;
  private final Map<String, List<byte[]>> found = new HashMap<>();
  private final Set<Object> devices = new HashSet<>();
  private boolean complete = true;

  private MappedTreeFiles(List<View> views) {
    this.views = views;
  }

  /**
   * Finds them.
   *
   * @return by label; not complete where a mapped file could not be found in the trees although it
   *     may lie there, or a process could not be read
   */
  static Map<String, MappedFiles> of(PodProcesses processes, List<View> views)
      throws PodkitException {
    MappedTreeFiles search = new MappedTreeFiles(views);
    try {
      for (View view : views) {
        search.devices.add(Files.getAttribute(view.directory(), DEVICE));
      }
      for (Mapped mapped : mappings(processes)) {
        search.place(mapped);
      }
    } catch (IOException e) {
      LOG.warn("what the pod has mapped is not known: all its files are looked at", e);
      search.complete = false;
    }
    Map<String, MappedFiles> files = new HashMap<>();
    for (View view : views) {
      files.put(
          view.label(),
          new MappedFiles(search.found.getOrDefault(view.label(), List.of()), search.complete));
    }
    return files;
  }

  /** One mapping of each file, whoever has it. */
  private static Iterable<Mapped> mappings(PodProcesses processes)
      throws PodkitException, IOException {
    Map<List<Object>, Mapped> distinct = new HashMap<>();
    for (PodProcess process : processes.list()) {
      for (MemoryMapping m : MemoryMapping.sharedFiles(PROC, process.pid())) {
        distinct.putIfAbsent(
            List.of(m.major(), m.minor(), m.inode(), m.name()), new Mapped(process.pid(), m));
      }
    }
    return distinct.values();
  }

  private void place(Mapped mapped) throws IOException {
    MemoryMapping mapping = mapped.mapping();
    Path itself =
        PROC.resolve(mapped.pid().toString())
            .resolve("map_files")
            .resolve(Long.toHexString(mapping.start()) + "-" + Long.toHexString(mapping.end()));
    if (!Files.exists(itself) || Files.getAttribute(itself, NAMES).equals(0)) {
      return; // unmapped since, or a file without a name: its content travels with the memory
    }
    if (!devices.contains(Files.getAttribute(itself, DEVICE))) {
      return; // shared memory, or what is mounted there and does not travel
    }
    Optional<Path> inPod = path(mapping.name());
    if (inPod.isEmpty() || !isPlaced(itself, inPod.get())) {
      complete = false; // it has another name, or is seen through another mount
    }
  }

  private static Optional<Path> path(String name) {
    try {
      return name.startsWith("/") ? Optional.of(Path.of(name)) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty(); // a name that this JVM's character set does not have
    }
  }

  private boolean isPlaced(Path itself, Path inPod) throws IOException {
    View nearest = null;
    for (View view : views) {
      boolean nearer =
          nearest == null || view.mountPoint().getNameCount() > nearest.mountPoint().getNameCount();
      if (inPod.startsWith(view.mountPoint()) && nearer) {
        nearest = view;
      }
    }
    if (nearest == null) {
      return false;
    }
    Path relative = nearest.mountPoint().relativize(inPod);
    Path here = nearest.directory().resolve(relative);
    if (!Files.isRegularFile(here, LinkOption.NOFOLLOW_LINKS) || !isSame(itself, here)) {
      return false;
    }
    found
        .computeIfAbsent(nearest.label(), unused -> new ArrayList<>())
        .add(relative.toString().getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private static boolean isSame(Path itself, Path here) throws IOException {
    return Files.getAttribute(itself, INODE)
            .equals(Files.getAttribute(here, INODE, LinkOption.NOFOLLOW_LINKS))
        && Files.getAttribute(itself, DEVICE)
            .equals(Files.getAttribute(here, DEVICE, LinkOption.NOFOLLOW_LINKS));
  }
}
