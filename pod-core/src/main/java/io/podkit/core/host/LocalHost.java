package io.podkit.core.host;

import io.podkit.core.api.HostCapacity;
import io.podkit.core.api.HostCheck;
import io.podkit.core.api.HostFacts;
import io.podkit.core.api.HostInspector;
import io.podkit.core.api.HostReport;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.cgroup.CgroupFactory;
import io.podkit.core.checkpoint.CriuWorkers;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** This host, examined. */
public final class LocalHost implements HostInspector {
  private static final Path PROC = Path.of("/proc");

  private final CriuWorkers criu;
  private final FactsReader facts;
  private final List<Probe> probes;
  private @Nullable String criuVersion;

  /**
   * The host with those directories.
   *
   * @param opener opens the runtime of a host apart, for a trial pod
   */
  public LocalHost(
      HostDirs dirs,
      CgroupFactory cgroups,
      CriuWorkers criu,
      Path podInit,
      Function<HostDirs, PodRuntime> opener) {
    this.criu = criu;
    facts = new FactsReader(dirs, PROC);
    probes =
        List.of(
            new KernelProbe(PROC),
            new CgroupProbe(cgroups),
            new StorageProbe(dirs),
            new ToolProbe(searchPath()),
            new TrackerProbe(podInit),
            new CriuProbe(criu, podInit, dirs, opener::apply));
  }

  private static List<Path> searchPath() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .filter(directory -> !directory.isEmpty())
        .map(Path::of)
        .toList();
  }

  @Override
  public HostReport doctor() {
    List<HostCheck> checks = new ArrayList<>();
    probes.forEach(probe -> checks.addAll(probe.look()));
    return new HostReport(checks);
  }

  @Override
  public HostFacts facts() throws PodkitException {
    return facts.read(criuVersion());
  }

  @Override
  public HostCapacity capacity() throws PodkitException {
    return facts.capacity();
  }

  /** Asked once: it takes a start of CRIU. */
  private synchronized String criuVersion() throws PodkitException {
    if (criuVersion == null) {
      criuVersion = criu.plain().version().toString();
    }
    return criuVersion;
  }
}
