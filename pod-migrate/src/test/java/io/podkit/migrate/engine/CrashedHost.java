package io.podkit.migrate.engine;

import io.podkit.core.api.Arrival;
import io.podkit.core.api.ArrivalForecast;
import io.podkit.core.api.Arrivals;
import io.podkit.core.api.Checkpoints;
import io.podkit.core.api.Commits;
import io.podkit.core.api.ContainerHook;
import io.podkit.core.api.Departure;
import io.podkit.core.api.Departures;
import io.podkit.core.api.FillingPod;
import io.podkit.core.api.HostInspector;
import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.core.api.RemoteMemory;
import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.api.Volumes;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A host on which processes have died amid migrations: its pods in the states they left them in,
 * and what recovery does to them, step by step.
 */
final class CrashedHost implements PodRuntime, Departures, Arrivals {
  final List<String> steps = new ArrayList<>();
  final ListedPods pods = new ListedPods();

  /** Somebody alive holds their locks. */
  final Set<PodName> busy = new HashSet<>();

  /** Somebody else finishes with them just before we would begin. */
  final Set<PodName> finished = new HashSet<>();

  /** What its pods that are added next lack. */
  @Nullable RemoteMemory remoteMemory;

  PodStatus add(String name, PodState state, @Nullable String migration) {
    PodStatus pod =
        new PodStatus(
            "0123456789ab",
            PodSpec.builder(new PodName(name), new PodSource("image", null)).build(),
            state,
            Instant.EPOCH,
            null,
            OptionalLong.empty(),
            OptionalInt.empty(),
            null,
            List.of(),
            migration,
            remoteMemory,
            null);
    pods.all.add(pod);
    return pod;
  }

  private PodStatus locked(PodName name) throws PodkitException {
    if (busy.contains(name)) {
      throw PodkitException.conflict("pod " + name + " is in a migration that is still at work");
    }
    if (finished.contains(name)) {
      pods.all.removeIf(pod -> pod.name().equals(name));
    }
    return pods.all.stream()
        .filter(pod -> pod.name().equals(name))
        .findFirst()
        .orElseThrow(() -> PodkitException.notFound("there is no pod " + name));
  }

  @Override
  public FillingPod resume(PodName name, String migration) {
    throw new AssertionError("recovery fetches no memory");
  }

  @Override
  public RunningPod look(PodName name, String migration) {
    throw new AssertionError("recovery looks at no running pod");
  }

  @Override
  public Departure resume(PodName name) throws PodkitException {
    return new RecordingDeparture(locked(name), steps);
  }

  /** An arriving pod is removed, a running one is kept; there may be none. */
  @Override
  public Optional<PodStatus> settle(PodName name, String migration) throws PodkitException {
    if (pods.all.stream().noneMatch(pod -> pod.name().equals(name))) {
      return Optional.empty();
    }
    PodStatus pod = locked(name);
    steps.add("settle " + name);
    return pod.state() == PodState.RUNNING ? Optional.of(pod) : Optional.empty();
  }

  @Override
  public List<String> podCommand() {
    return List.of();
  }

  @Override
  public Path podInit() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void forgetMemory(String name) {
    steps.add("forget " + name);
  }

  @Override
  public Pods pods() {
    return pods;
  }

  @Override
  public Departures departures() {
    return this;
  }

  @Override
  public Arrivals arrivals() {
    return this;
  }

  @Override
  public Departure beginForEngine(PodName name, String migration) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Departure begin(PodName name, String migration) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PodStatus read(byte[] record) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ArrivalForecast forecast(
      byte[] record, long memoryBytes, long diskBytes, List<VolumeOffer> volumes, boolean replace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Arrival prepare(byte[] record, String migration, List<VolumeFate> volumes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public HostDirs dirs() {
    throw new UnsupportedOperationException();
  }

  @Override
  public MemoryDirectory memory(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PodFileSystem fileSystem() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void tidy(PodName name) {
    steps.add("tidy " + name);
  }

  @Override
  public Volumes volumes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Checkpoints checkpoints() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Commits commits() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ContainerHook containerHook() {
    throw new UnsupportedOperationException();
  }

  @Override
  public HostInspector host() {
    throw new UnsupportedOperationException();
  }
}
