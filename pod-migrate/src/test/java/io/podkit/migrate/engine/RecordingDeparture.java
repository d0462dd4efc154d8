package io.podkit.migrate.engine;

import io.podkit.core.api.CpuThrottle;
import io.podkit.core.api.Departure;
import io.podkit.core.api.FrozenSteps;
import io.podkit.core.api.HostCheck;
import io.podkit.core.api.MemoryRoute;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A leaving pod that writes down what is done with its ownership, and does nothing else. */
final class RecordingDeparture implements Departure {
  private final @Nullable PodStatus pod;
  private final List<String> steps;
  private @Nullable PodkitException grantFails;

  /** What it offers; {@code /stuck} cannot be measured. */
  final List<VolumeOffer> volumes = new ArrayList<>();

  RecordingDeparture(@Nullable PodStatus pod, List<String> steps) {
    this.pod = pod;
    this.steps = steps;
  }

  void failToGrant(PodkitException failure) {
    grantFails = failure;
  }

  @Override
  public PodStatus pod() {
    if (pod == null) {
      throw new AssertionError("nobody needs the pod here");
    }
    return pod;
  }

  @Override
  public void grant() throws PodkitException {
    steps.add("record");
    if (grantFails != null) {
      throw grantFails;
    }
  }

  @Override
  public void release() {
    steps.add("release");
  }

  @Override
  public void serve() {
    steps.add("serve");
  }

  @Override
  public void takeBack() {
    steps.add("take back");
  }

  @Override
  public void close() {
    steps.add("close");
  }

  @Override
  public List<String> layers() {
    return pod().layers();
  }

  @Override
  public byte[] record(List<String> layers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long memoryBytes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<PodTree> trees() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, MappedFiles> mappedFiles(List<PodTree> trees) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<VolumeOffer> volumes(List<HostCheck> found) {
    return volumes;
  }

  @Override
  public Optional<VolumeOffer> measure(VolumeFate open, List<HostCheck> found) {
    if (open.offer().destination().equals("/stuck")) {
      found.add(new HostCheck("volume /stuck", HostCheck.Level.BLOCKS, "mounted in", null));
      return Optional.empty();
    }
    String digest = open.kind() == VolumeFate.Kind.COMPARE ? "sha256:1" : "";
    return Optional.of(open.offer().measured(3, 4096, digest));
  }

  @Override
  public List<PodTree> take(List<VolumeFate> volumes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Marks markVolumes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<HostCheck> blockers() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CpuThrottle throttle() {
    throw new UnsupportedOperationException();
  }

  @Override
  public PodProcesses processes() {
    return ListedProcesses.NONE;
  }

  @Override
  public void dump(Path images, MemoryRoute memory, FrozenSteps steps) {
    throw new UnsupportedOperationException();
  }
}
