package io.podkit.core.lifecycle;

import io.podkit.core.api.PodState;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.launch.PodLauncher;
import io.podkit.core.launch.PodTreePaths;
import io.podkit.core.network.PodNetwork;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.RootedFiles;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Brings a recorded pod to life. */
final class PodStarter {
  private final PodStore store;
  private final PodParts parts;
  private final PodLauncher launcher;
  private final PodCleaner cleaner;
  private final List<String> podCommand;
  private final Clock clock;

  /**
   * @param podCommand how the {@code pod} command is called on this host, for the monitor to report
   *     the pod's end
   */
  PodStarter(
      PodStore store,
      PodParts parts,
      PodLauncher launcher,
      PodCleaner cleaner,
      List<String> podCommand,
      Clock clock) {
    this.store = store;
    this.parts = parts;
    this.launcher = launcher;
    this.cleaner = cleaner;
    this.podCommand = podCommand;
    this.clock = clock;
  }

  /** The pod's lock is held by the caller; {@code record} is not running. */
  PodRecord start(PodRecord record) throws PodkitException {
    cleaner.giveBack(record);
    forgetLastEnd(record);
    PodRecord startable = record.state() == PodState.RUNNING ? record.in(PodState.EXITED) : record;
    try (UndoStack undo = new UndoStack("start pod " + record.name())) {
      MountedRoot root = parts.fileSystem().staging().mount(parts.staging(record));
      undo.push("unmount its root", root::close);
      prepareStreams(record, root);
      PodCgroup cgroup = parts.cgroup(record.name());
      undo.push("remove its control group", cgroup::remove);
      cgroup.create(record.spec().limits());
      Optional<PodNetwork> network = parts.network(record);
      if (network.isPresent()) {
        network.get().prepare();
        undo.push("remove its cable", network.get()::remove);
      }
      undo.push("kill its processes", cgroup::kill);
      InitProcess init =
          launcher.launch(
              startable,
              root,
              cgroup,
              parts.exitFile(record.name()),
              MonitorCommands.onExit(podCommand, record.name()),
              pid -> connect(network, pid));
      PodRecord running = startable.running(init, clock.instant());
      store.save(running);
      root.detach();
      undo.commit();
      return running;
    }
  }

  private static void connect(Optional<PodNetwork> network, long pid) throws PodkitException {
    if (network.isPresent()) {
      network.get().connectAndPlug(pid);
    } else {
      PodNetwork.loopback(pid);
    }
  }

  private void forgetLastEnd(PodRecord record) throws PodkitException {
    try {
      Files.deleteIfExists(parts.exitFile(record.name()));
    } catch (IOException e) {
      throw PodkitException.io("cannot forget how pod " + record.name() + " ended last", e);
    }
  }

  /**
   * The directory exists since the pod was created; only a fresh FIFO knows nothing of earlier
   * runs.
   */
  private void prepareStreams(PodRecord record, MountedRoot root) throws PodkitException {
    if (!record.spec().interactive()) {
      return;
    }
    try (RootedFiles files = parts.fileSystem().rooted(root)) {
      String stdin = PodTreePaths.DIRECTORY + "/" + PodTreePaths.STDIN;
      files.delete(stdin);
      files.delete(PodTreePaths.DIRECTORY + "/" + PodTreePaths.STDIN_END);
      files.createFifo(stdin, 0600);
    }
  }
}
