package io.podkit.core.host;

import io.podkit.core.api.NetworkMode;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * A pod of one small program that does nothing, made to be frozen, thawed and thrown away: the only
 * proof that a host can do it. It lives under directories of its own, so that no listing shows it.
 */
final class TrialPod {
  private static final PodName NAME = new PodName("trial");

  /** Opens the runtime of a host. */
  @FunctionalInterface
  interface Opener {
    PodRuntime open(HostDirs dirs) throws PodkitException;
  }

  private final Path podInit;
  private final HostDirs dirs;
  private final Opener opener;

  TrialPod(Path podInit, HostDirs dirs, Opener opener) {
    this.podInit = podInit;
    this.dirs = dirs;
    this.opener = opener;
  }

  void freezeAndThaw() throws PodkitException {
    String unique = "doctor-" + ProcessHandle.current().pid();
    HostDirs apart = new HostDirs(dirs.root().resolve(unique), dirs.run().resolve(unique));
    try (UndoStack undo = new UndoStack("try CRIU on a pod")) {
      undo.push("remove " + apart.root(), () -> remove(apart.root()));
      undo.push("remove " + apart.run(), () -> remove(apart.run()));
      Path rootfs = rootfs(apart);
      PodRuntime runtime = opener.open(apart);
      PodSpec spec =
          PodSpec.builder(NAME, PodSource.rootfs(rootfs))
              .command(List.of("/pause", "pause"))
              .network(NetworkMode.NONE)
              .build();
      undo.push("remove the trial pod", () -> runtime.pods().remove(NAME, true, Duration.ZERO));
      runtime.pods().create(spec);
      runtime.pods().start(NAME);
      runtime.checkpoints().checkpoint(NAME, false, null);
      runtime.checkpoints().restore(NAME);
      if (runtime.pods().status(NAME).state() != PodState.RUNNING) {
        throw PodkitException.internal("the thawed pod does not run", null);
      }
    }
  }

  private Path rootfs(HostDirs apart) throws PodkitException {
    Path directory = apart.root().resolve("rootfs");
    try {
      Files.createDirectories(directory);
      Files.copy(podInit, directory.resolve("pause"));
      return directory;
    } catch (IOException e) {
      throw PodkitException.io("cannot make the files of a trial pod", e);
    }
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
