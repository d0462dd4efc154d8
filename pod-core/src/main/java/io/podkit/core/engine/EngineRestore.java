package io.podkit.core.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodName;
import io.podkit.core.store.EngineArchive;
import io.podkit.criu.CriuBinary;
import io.podkit.criu.HeldRestore;
import io.podkit.criu.RestoreGate;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.MountFlag;
import io.podkit.process.CommandResult;
import io.podkit.process.Subprocess;
import io.podkit.procfs.MountEntry;
import io.podkit.procfs.MountInfo;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restore by podman that has begun and waits for us: its container is made, its root is mounted,
 * its runtime has asked CRIU for the processes. All that would take time while the source's
 * container stands still has been done when {@link #begin} returns. Not thread-safe.
 */
public final class EngineRestore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineRestore.class);
  private static final Path PROC = Path.of("/proc");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final String UPPER = "upperdir=";

  private final PodmanHost podman;
  private final String migration;
  private final Subprocess engine;
  private final HeldRestore held;
  private final Path upper;
  private boolean runs;

  private EngineRestore(
      PodmanHost podman, String migration, Subprocess engine, HeldRestore held, Path upper) {
    this.podman = podman;
    this.migration = migration;
    this.engine = engine;
    this.held = held;
    this.upper = upper;
  }

  /**
   * Where on this host a restore has its things.
   *
   * @param files an empty directory for the archive
   * @param programs a directory for a program, on a filesystem that executes
   * @param socket a short name
   * @param podInit the static helper
   * @param hook how the hook of this host is called; empty for none
   */
  public record Places(Path files, Path programs, Path socket, Path podInit, List<String> hook) {
    public Places {
      hook = List.copyOf(hook);
    }
  }

  /**
   * Begins one.
   *
   * @param network the network namespace for the container
   * @throws PodkitException with podman's own words if it does not come to ask for processes; of
   *     its container nothing is left then
   */
  public static EngineRestore begin(
      PodmanHost podman,
      EngineArchive from,
      PodName name,
      String migration,
      Path network,
      Places places,
      ObjectMapper json)
      throws PodkitException {
    Path archive =
        RestoreArchive.write(from, migration, network, places.hook(), places.files(), json);
    Path criu = CriuBinary.find().criu();
    try (RestoreGate gate =
            RestoreGate.open(places.programs(), places.socket(), places.podInit(), criu);
        UndoStack undo = new UndoStack("have podman take container " + name)) {
      undo.push("remove it", () -> remove(podman, migration));
      Subprocess engine =
          podman
              .callWith(
                  gate.programs(), "container", "restore", "--import", archive, "--name", name)
              .start();
      undo.push("end podman", engine::close);
      Optional<HeldRestore> asked = gate.await(engine::isAlive, PATIENCE);
      if (asked.isEmpty()) {
        throw refused(name, engine.finish());
      }
      undo.push("let go of the restore", asked.get()::close);
      EngineRestore restore =
          new EngineRestore(podman, migration, engine, asked.get(), upper(asked.get()));
      undo.commit();
      return restore;
    }
  }

  private static PodkitException refused(PodName name, CommandResult result) {
    List<String> lines = result.stderr().lines().toList();
    String last = lines.isEmpty() ? result.status().toString() : lines.get(lines.size() - 1);
    return PodkitException.of(
        ErrorKind.COMMAND, "podman does not take container " + name + ": " + last);
  }

  private static Path upper(HeldRestore held) throws PodkitException {
    Path root = held.request().root();
    try {
      MountEntry mount =
          MountInfo.self(PROC)
              .at(root)
              .orElseThrow(() -> PodkitException.internal("nothing is mounted on " + root, null));
      return mount.superOptions().stream()
          .filter(option -> option.startsWith(UPPER))
          .map(option -> Path.of(option.substring(UPPER.length())))
          .findFirst()
          .orElseThrow(
              () ->
                  PodkitException.unsupported(
                      "podman's container does not lie on an overlay",
                      new Hint("have podman use overlay as its storage driver")));
    } catch (IOException e) {
      throw PodkitException.io("cannot find the files of podman's container", e);
    }
  }

  /** Where what the container wrote belongs. */
  public Path upper() {
    return upper;
  }

  /** What podman and its runtime put into the container, by the place in it. */
  public Map<String, Path> mounts() {
    return held.request().externalMounts();
  }

  public HeldRestore held() {
    return held;
  }

  /**
   * Makes the mounted root see what was put beneath it into {@link #upper}: the kernel forgets what
   * it knows of a filesystem that is mounted anew.
   */
  public void refresh() throws PodkitException {
    Path root = held.request().root();
    try {
      JnrSyscalls.load().mount("overlay", root, "", Set.of(MountFlag.REMOUNT), "");
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot mount " + root + " anew", e);
    }
  }

  /** Its processes may run from now on: closing leaves them alone. */
  public void runs() {
    runs = true;
  }

  /** Waits for podman, which notes what it has. The container runs, whatever podman says. */
  private void settle() {
    try (engine) {
      CommandResult result = engine.finish();
      if (!result.success()) {
        LOG.warn("the container runs, but podman says: {}", result.stderr().strip());
      }
    } catch (PodkitException e) {
      LOG.warn("the container runs, but podman does not end", e);
    }
  }

  /** Removes the container unless it runs. */
  @Override
  public void close() throws PodkitException {
    if (runs) {
      settle();
      held.close();
      return;
    }
    // Each step is tried whatever the others do.
    try (UndoStack steps = new UndoStack("have podman forget a container")) {
      steps.push("remove it", () -> remove(podman, migration));
      steps.push("wait for podman", this::abandon);
      steps.push("let go of the restore", held::close);
    }
  }

  /** CRIU has lost us and destroys what it has built; podman's runtime cleans up after it. */
  private void abandon() throws PodkitException {
    try (engine) {
      Objects.requireNonNull(engine.finish());
    }
  }

  /**
   * Waits until no podman is at a restore whose caller has died.
   *
   * @param files the directory that its archive is in
   * @throws PodkitException TIMEOUT if one still is after {@code patience}
   */
  public static void awaitOrphans(Path files, Duration patience) throws PodkitException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (isAtWork(files)) {
      if (System.nanoTime() - deadline >= 0) {
        throw PodkitException.timeout("podman is still at work in " + files);
      }
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw PodkitException.cancelled("interrupted while podman is waited for");
      }
    }
  }

  private static boolean isAtWork(Path files) {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().arguments().stream().flatMap(Arrays::stream))
        .anyMatch(word -> word.startsWith(files + "/"));
  }

  /** Removes what a migration made here of a container that never ran. */
  public static void remove(PodmanHost podman, String migration) throws PodkitException {
    for (String id : podman.of(migration)) {
      podman.remove(id);
    }
  }
}
