package io.podkit.migrate.host;

import io.podkit.core.api.HostCapacity;
import io.podkit.core.api.HostFacts;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.migrate.api.HostPod;
import io.podkit.migrate.api.HostStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at this host, to tell others. Changes nothing; takes some milliseconds for each pod. */
public final class HostSurvey {
  private final PodRuntime runtime;
  private final OwnMarks marks;

  public HostSurvey(PodRuntime runtime, OwnMarks marks) {
    this.runtime = runtime;
    this.marks = marks;
  }

  /**
   * This host as it is now.
   *
   * @param name as in its certificate
   */
  public HostStatus look(String name) throws PodkitException {
    HostFacts facts = runtime.host().facts();
    HostCapacity capacity = runtime.host().capacity();
    OwnMarks.Marks own = marks.read();
    List<HostPod> pods = pods();
    Set<String> here = new HashSet<>();
    pods.forEach(pod -> here.add(pod.name()));
    return new HostStatus(
        name,
        facts.kernel(),
        facts.architecture(),
        facts.criuVersion(),
        facts.cpuFeatures(),
        capacity.cpus(),
        capacity.load(),
        capacity.memoryBytes(),
        facts.memoryAvailableBytes(),
        capacity.diskBytes(),
        facts.diskAvailableBytes(),
        runtime.fileSystem().layers().list().stream()
            .limit(HostStatus.MAX_LAYERS)
            .map(LayerDigest::toString)
            .toList(),
        own.labels(),
        own.cordoned(),
        pods,
        own.away().stream().filter(pod -> !here.contains(pod.pod())).toList());
  }

  private List<HostPod> pods() throws PodkitException {
    List<HostPod> pods = new ArrayList<>();
    for (PodStatus pod : runtime.pods().list()) {
      if (pods.size() < HostStatus.MAX_PODS) {
        pods.add(describe(pod));
      }
    }
    return pods;
  }

  private HostPod describe(PodStatus pod) {
    String image = pod.spec().source().image();
    return new HostPod(
        pod.name().value(),
        pod.id(),
        pod.state().name().toLowerCase(Locale.ROOT),
        pod.state().hasProcesses() || pod.state() == PodState.ARRIVING,
        image != null ? image : String.valueOf(pod.spec().source().rootfs()),
        pod.address() == null ? "" : pod.address().ipv4(),
        pod.state() == PodState.RUNNING ? memory(pod) : 0,
        pod.spec().limits().cpus().orElse(0),
        pod.spec().labels());
  }

  /** A pod that ends while it is looked at uses none. */
  private long memory(PodStatus pod) {
    try {
      return runtime.pods().stats(pod.name(), Duration.ZERO).memoryBytes();
    } catch (PodkitException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
