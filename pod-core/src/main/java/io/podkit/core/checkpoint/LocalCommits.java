package io.podkit.core.checkpoint;

import io.podkit.core.api.CommitSpec;
import io.podkit.core.api.Commits;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.RunningPod;
import io.podkit.core.launch.PodTreePaths;
import io.podkit.core.lifecycle.PodObserver;
import io.podkit.core.lifecycle.PodParts;
import io.podkit.core.store.PodLocks;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.CommitRequest;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.LayerDigest;
import io.podkit.linux.SignalName;
import io.podkit.resource.HostLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Images made of this host's pods. */
public final class LocalCommits implements Commits {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** What belongs to this pod and to no other: its init and output, and who it is. */
  private static final Set<String> LEFT =
      Set.of(PodTreePaths.DIRECTORY, "/etc/hostname", "/etc/hosts", "/etc/resolv.conf");

  private final PodStore store;
  private final PodLocks locks;
  private final PodParts parts;
  private final PodObserver observer;
  private final LocalDepartures departures;

  public LocalCommits(
      PodStore store,
      PodLocks locks,
      PodParts parts,
      PodObserver observer,
      LocalDepartures departures) {
    this.store = store;
    this.locks = locks;
    this.parts = parts;
    this.observer = observer;
    this.departures = departures;
  }

  @Override
  public Image commit(PodName name, CommitSpec spec, ByteListener listener) throws PodkitException {
    try {
      return observer.state(store.get(name)) == PodState.RUNNING
          ? running(name, spec, listener)
          : standing(name, spec, listener);
    } catch (PodkitException e) {
      throw e.during("cannot commit pod " + name);
    }
  }

  /** Locked as for a look at it: should this process die, the pod is let go on. */
  private Image running(PodName name, CommitSpec spec, ByteListener listener)
      throws PodkitException {
    try (RunningPod pod = departures.look(name, "commit-" + UUID.randomUUID())) {
      CommitRequest.Stillness stillness =
          spec.pause()
              ? copying -> whileStopped(pod.processes(), copying)
              : CommitRequest.Stillness.GIVEN;
      return commit(store.get(name), spec, stillness, listener);
    }
  }

  private static void whileStopped(PodProcesses processes, CommitRequest.Copying copying)
      throws PodkitException {
    try (Resumed resumed = new Resumed(processes)) {
      processes.stop();
      copying.run();
    }
  }

  /** Lets the processes go on, also if stopping them failed half-way. */
  private record Resumed(PodProcesses processes) implements AutoCloseable {
    @Override
    public void close() throws PodkitException {
      processes.resume();
    }
  }

  private Image standing(PodName name, CommitSpec spec, ByteListener listener)
      throws PodkitException {
    try (HostLock lock = locks.acquire(name, PATIENCE)) {
      PodRecord record = store.get(name);
      PodState state = observer.state(record);
      switch (state) {
        case CREATED, EXITED, CHECKPOINTED -> {
          return commit(record, spec, CommitRequest.Stillness.GIVEN, listener);
        }
        default ->
            throw PodkitException.of(
                ErrorKind.CONFLICT,
                "it is " + state,
                new Hint("wait until it has arrived, and commit it there"));
      }
    }
  }

  private Image commit(
      PodRecord record, CommitSpec spec, CommitRequest.Stillness stillness, ByteListener listener)
      throws PodkitException {
    String image = record.spec().source().image();
    ImageName from = image == null ? null : new ImageName(image);
    Optional<Image> base = from == null ? Optional.empty() : parts.fileSystem().images().find(from);
    CommitRequest request =
        new CommitRequest(
            spec.image(),
            parts.fileSystem().staging().upper(PodParts.stagingName(record.name())),
            LEFT,
            layers(record, listener),
            from,
            spec.changes().over(config(record.spec(), base)),
            spec.author(),
            spec.message());
    return parts.fileSystem().images().commit(request, stillness, listener);
  }

  /** A pod on a directory of the host takes that along as a layer, as it does when it moves. */
  private List<LayerDigest> layers(PodRecord record, ByteListener listener) throws PodkitException {
    Path rootfs = record.spec().source().rootfs();
    return record.layers().isEmpty() && rootfs != null
        ? List.of(parts.fileSystem().layers().packDirectory(rootfs, listener))
        : PodParts.digests(record);
  }

  /** What the pod was asked to be, its image's settings among it. */
  private static ImageConfig config(PodSpec spec, Optional<Image> base) {
    ImageConfig image = base.map(Image::config).orElse(ImageConfig.EMPTY);
    boolean unchanged =
        spec.command().size() >= image.entrypoint().size()
            && spec.command().subList(0, image.entrypoint().size()).equals(image.entrypoint());
    List<String> entrypoint = unchanged ? image.entrypoint() : List.of();
    Map<String, String> env = new TreeMap<>(spec.env());
    return new ImageConfig(
        entrypoint,
        spec.command().subList(entrypoint.size(), spec.command().size()),
        env.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList(),
        spec.workdir().equals("/") ? null : spec.workdir(),
        spec.user(),
        spec.stopSignal() == null ? null : SignalName.of(spec.stopSignal()),
        spec.exposedPorts(),
        image.volumes(),
        image.labels());
  }
}
