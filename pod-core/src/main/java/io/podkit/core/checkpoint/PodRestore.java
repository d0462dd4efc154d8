package io.podkit.core.checkpoint;

import io.podkit.core.api.HoldGate;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.launch.ProcessIdentities;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.criu.CriuNotify;
import io.podkit.error.PodkitException;
import io.podkit.linux.Pid;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Podkit does at each hook of one restore: lays the network into the new namespace, sets the
 * limits, asks the gate before the first instruction, and records the pod as running before it
 * runs.
 */
final class PodRestore implements CriuNotify {
  private final PodRecord record;
  private final PodCgroup cgroup;
  private final Optional<PodNetwork> network;
  private final PodStore store;
  private final HoldGate gate;
  private final Clock clock;
  private @Nullable PodRecord running;

  PodRestore(
      PodRecord record,
      PodCgroup cgroup,
      Optional<PodNetwork> network,
      PodStore store,
      HoldGate gate,
      Clock clock) {
    this.record = record;
    this.cgroup = cgroup;
    this.network = network;
    this.store = store;
    this.gate = gate;
    this.clock = clock;
  }

  @Override
  public void setupNamespaces(Pid pid) throws PodkitException {
    if (network.isPresent()) {
      network.get().connect(pid.value());
    } else {
      PodNetwork.loopback(pid.value());
    }
  }

  /**
   * The last hook at which CRIU still destroys the tasks if this process dies or throws; after the
   * next ones it would let them run without anybody's leave.
   */
  @Override
  public void postRestore(Pid root) throws PodkitException {
    InitProcess process = ProcessIdentities.identify(root.value());
    cgroup.limit(record.spec().limits());
    gate.held();
    PodRecord next = record.running(process, clock.instant());
    store.save(next);
    running = next;
    // Plugged in before sockets leave repair mode: their first packet tells the peer that they are
    // back.
    if (network.isPresent()) {
      network.get().plug();
    }
  }

  /** Tells the segment where the pod is now; it runs already. */
  void announce() throws PodkitException {
    if (network.isPresent() && running != null && running.init() != null) {
      network.get().announce(running.init().pid());
    }
  }

  /** The record of the pod that runs now; null if it was never let run. */
  @Nullable PodRecord running() {
    return running;
  }
}
