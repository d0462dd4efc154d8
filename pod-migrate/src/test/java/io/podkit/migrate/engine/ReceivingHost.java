package io.podkit.migrate.engine;

import io.podkit.core.api.Arrival;
import io.podkit.core.api.ArrivalForecast;
import io.podkit.core.api.Arrivals;
import io.podkit.core.api.Checkpoints;
import io.podkit.core.api.Commits;
import io.podkit.core.api.ContainerHook;
import io.podkit.core.api.Departures;
import io.podkit.core.api.FillingPod;
import io.podkit.core.api.HoldGate;
import io.podkit.core.api.HostInspector;
import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.Pods;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.core.api.Volumes;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/** A host to which one pod comes whose restore fails. */
final class ReceivingHost implements PodRuntime, Arrivals, Arrival {
  final CountDownLatch erased = new CountDownLatch(1);
  private final Path directory;
  private final PodkitException restoreFails;

  ReceivingHost(Path directory, PodkitException restoreFails) {
    this.directory = directory;
    this.restoreFails = restoreFails;
  }

  @Override
  public PodStatus read(byte[] record) {
    return new PodStatus(
        "0123456789ab",
        PodSpec.builder(name(), new PodSource("image", null)).build(),
        PodState.ARRIVING,
        Instant.EPOCH,
        null,
        OptionalLong.empty(),
        OptionalInt.empty(),
        null,
        List.of(),
        null,
        null,
        null);
  }

  @Override
  public FillingPod resume(PodName name, String migration) {
    throw new AssertionError("no memory is elsewhere");
  }

  @Override
  public FillingPod borrow(String source) {
    throw new AssertionError("no memory stays elsewhere");
  }

  @Override
  public Arrival prepare(byte[] record, String migration, List<VolumeFate> volumes) {
    return this;
  }

  @Override
  public PodName name() {
    return new PodName("web");
  }

  @Override
  public Path images() {
    return directory;
  }

  @Override
  public void warmUp() {}

  @Override
  public PodStatus restore(HoldGate gate) throws PodkitException {
    throw restoreFails;
  }

  @Override
  public void close() {
    erased.countDown();
  }

  @Override
  public Arrivals arrivals() {
    return this;
  }

  @Override
  public PodFileSystem fileSystem() {
    return new NoLayers();
  }

  @Override
  public PodTree tree(String label) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ArrivalForecast forecast(
      byte[] record, long memoryBytes, long diskBytes, List<VolumeOffer> volumes, boolean replace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<PodStatus> settle(PodName name, String migration) {
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
  public PodStatus restoreLazily(HoldGate gate) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void filled() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path work() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path scratch(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PodProcesses processes() {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  @Override
  public Pods pods() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void tidy(PodName name) {
    throw new UnsupportedOperationException();
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

  @Override
  public Departures departures() {
    throw new UnsupportedOperationException();
  }
}
