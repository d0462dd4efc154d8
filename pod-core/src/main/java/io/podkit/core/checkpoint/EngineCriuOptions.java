package io.podkit.core.checkpoint;

import io.podkit.core.launch.StandardMounts;
import io.podkit.core.store.ContainerOrigin.CoveredPath;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.criu.CriuOptions;
import io.podkit.criu.CriuOptions.Switch;
import io.podkit.criu.UserfaultGrant;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What CRIU is told of a container that becomes an engine's again: as of a pod, but that what lies
 * on its mounts comes from the engine, and its network namespace, too, under runc's name for it.
 */
final class EngineCriuOptions {
  private static final String NAMESPACE_KEY = "extRootNetNS";
  private static final Path NULL = Path.of("/dev/null");

  private EngineCriuOptions() {}

  /** For a dump: the namespace is somebody else's. */
  static String network(InitProcess init) throws PodkitException {
    Path namespace = Path.of("/proc", Long.toString(init.pid()), "ns/net");
    try {
      // net:[4026532177], which is how CRIU wants it, too, less the colon
      String link = Files.readSymbolicLink(namespace).toString();
      return link.replace(":", "") + ":" + NAMESPACE_KEY;
    } catch (IOException e) {
      throw PodkitException.io("cannot look at a container's network", e);
    }
  }

  /**
   * For a restore.
   *
   * @param mounts what the engine binds into it, by the place in it
   * @param dev what becomes its {@code /dev}
   * @param empty for each covered directory that the engine has nothing for, something empty
   * @param grant as for a pod
   */
  static CriuOptions restore(
      PodRecord record,
      Map<String, Path> mounts,
      Path dev,
      Map<String, Path> empty,
      Path images,
      Path work,
      @Nullable UserfaultGrant grant)
      throws PodkitException {
    CriuOptions.Builder options =
        PodCriuOptions.common(images, work, "restore.log")
            .external("mnt[dev]:" + dev)
            .external("mnt[shm]:" + bound(mounts, "/dev/shm"));
    for (int i = 0; i < record.spec().volumes().size(); i++) {
      String place = record.spec().volumes().get(i).destination().toString();
      options.external("mnt[volume" + i + "]:" + bound(mounts, place));
    }
    for (String name : StandardMounts.COVERED) {
      options.external("mnt[covered-" + name + "]:" + NULL);
    }
    List<CoveredPath> covers =
        Objects.requireNonNull(record.origin(), "it was a container").covers();
    for (int i = 0; i < covers.size(); i++) {
      String place = covers.get(i).path();
      Path source = covers.get(i).directory() ? empty.get(place) : NULL;
      options.external(
          "mnt[cover" + i + "]:" + Objects.requireNonNullElse(mounts.get(place), source));
    }
    if (grant != null) {
      options.on(Switch.LAZY_PAGES).preload(grant);
    }
    return options.build();
  }

  private static Path bound(Map<String, Path> mounts, String place) throws PodkitException {
    Path source = mounts.get(place);
    if (source == null) {
      throw PodkitException.unsupported(
          "podman binds nothing on " + place + " here, as it did there",
          new Hint("use the same version of podman on both hosts"));
    }
    return source;
  }
}
