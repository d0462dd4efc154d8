package io.podkit.core.container;

import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodName;
import io.podkit.core.launch.PodTreePaths;
import io.podkit.core.store.PodRecord;
import io.podkit.procfs.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What keeps a container from becoming a pod, each with its cure. Collects; not thread-safe. */
final class ContainerObstacles {
  /** Of an overlay whose upper directory means nothing to one that is mounted without it. */
  private static final Set<String> FOREIGN_OPTIONS = Set.of("metacopy=on", "redirect_dir=on");

  private static final int OTHERS_WRITE = 022;

  private final PodName name;
  private final List<HostCheck> found = new ArrayList<>();

  ContainerObstacles(PodName name) {
    this.name = name;
  }

  void add(boolean blocks, String finding, String cure) {
    if (blocks) {
      found.add(new HostCheck("container " + name, HostCheck.Level.BLOCKS, finding, cure));
    }
  }

  List<HostCheck> all() {
    return List.copyOf(found);
  }

  void ofRecord(PodRecord record) {
    add(
        record.spec().tty(),
        "has a terminal, whose other end is its engine's monitor",
        "start it without a terminal: without -t");
  }

  void ofEngine(EngineWords words) {
    add(
        !words.unit().isEmpty(),
        "is run by the systemd unit " + words.unit() + ", which would start it again",
        "stop and disable that unit, then start the container without it");
    add(
        !words.pod().isEmpty(),
        "shares namespaces with the other containers of its engine's pod",
        "start it outside of a pod");
    add(
        words.publishes(),
        "is reached through ports of this host",
        "give it an address on the pods' segment instead of --publish");
    add(
        words.entered(),
        "has a session of podman exec, which is not its child",
        "wait until it ends");
    add(
        !words.unhealthy().isEmpty(),
        "has a health check that fails while it stands still, and then podman's action is "
            + words.unhealthy(),
        "start it with --health-on-failure none, or without a health check: --no-healthcheck");
    add(
        words.image().isEmpty(),
        "lies on a directory of this host, and on no image",
        "podman import the directory, and start it from that image");
    add(
        !words.driver().equals("overlay")
            || !Files.isDirectory(words.upper())
            || !Files.isDirectory(words.root()),
        "lies on the engine's storage " + words.driver() + ", in which Podkit finds nothing",
        "have the engine use overlay as its storage driver");
  }

  void ofLayout(ContainerLayout layout) {
    add(
        layout.hasOwnUsers(),
        "has users of its own, whose numbers are only in its engine's storage",
        "start it without --userns and --uidmap");
  }

  void ofMounts(List<MountEntry> mounts, MountSurvey survey) {
    for (String unknown : survey.unknown()) {
      add(true, "has a mount that a pod would not have: " + unknown, "start it without that");
    }
    for (MountEntry mount : mounts) {
      boolean root = mount.mountPoint().equals(Path.of("/"));
      add(
          root && !mount.type().equals("overlay"),
          "has a root that is no overlay, but " + mount.type(),
          "have the engine use overlay as its storage driver, as root and without fuse");
      add(
          root && mount.superOptions().stream().anyMatch(FOREIGN_OPTIONS::contains),
          "lies on an overlay with metacopy or redirect_dir",
          "take them out of mountopt in storage.conf, and start it again");
    }
  }

  /**
   * Podkit's directory, where a program lies that root executes.
   *
   * @param root the container's, as this host sees it
   */
  void ofPodDirectory(Path root, List<MountEntry> mounts) throws IOException {
    boolean strange =
        mounts.stream().anyMatch(m -> m.mountPoint().startsWith(PodTreePaths.DIRECTORY));
    Path directory = root.resolve(Path.of("/").relativize(Path.of(PodTreePaths.DIRECTORY)));
    for (Path each : List.of(directory, directory.resolve("exec"))) {
      strange |= !strange && !isRootsOrMissing(each); // what lies behind a link is not asked for
    }
    add(
        strange,
        "has a " + PodTreePaths.DIRECTORY + " that is no directory of root's alone",
        "remove it from the container, or from its image or mounts");
  }

  private static boolean isRootsOrMissing(Path place) throws IOException {
    try {
      Map<String, Object> found =
          Files.readAttributes(place, "unix:uid,mode,isDirectory", LinkOption.NOFOLLOW_LINKS);
      return Boolean.TRUE.equals(found.get("isDirectory"))
          && Integer.valueOf(0).equals(found.get("uid"))
          && found.get("mode") instanceof Integer mode
          && (mode & OTHERS_WRITE) == 0;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  void ofStreams(OuterStreams streams) {
    add(
        streams.input(),
        "has a standard input that its engine's monitor holds open",
        "start it without -i");
  }

  void ofNetwork(PodRecord record, ContainerCable cable) {
    add(
        !cable.others().isEmpty(),
        "has network devices that a pod would not have: " + String.join(" ", cable.others()),
        "connect it with one network only");
    add(
        (record.address() != null || !cable.mac().isEmpty()) && cable.hostEnd() == null,
        "is not connected by a virtual cable (veth) that ends on this host",
        "connect it with a bridge network");
  }

  void ofProcessIds(boolean ours) {
    add(ours, "has the process ids of this host", "start it without --pid host");
  }

  void ofNeighbours(List<Long> pids) {
    add(
        !pids.isEmpty(),
        "shares a namespace with processes outside of it: "
            + String.join(" ", pids.stream().map(String::valueOf).toList()),
        "start it with namespaces of its own: without --pid, --network, --ipc or --uts of others");
  }
}
