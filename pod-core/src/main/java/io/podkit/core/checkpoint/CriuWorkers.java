package io.podkit.core.checkpoint;

import io.podkit.core.api.PodName;
import io.podkit.core.cgroup.PodCgroup;
import io.podkit.core.lifecycle.MonitorCommands;
import io.podkit.criu.Criu;
import io.podkit.criu.CriuBinary;
import io.podkit.criu.HostCriu;
import io.podkit.criu.PageFilter;
import io.podkit.criu.RestoreResult;
import io.podkit.criu.SwrkLauncher;
import io.podkit.criu.UserfaultGrant;
import io.podkit.criu.image.OpenFiles;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PosixSpawner;
import io.podkit.linux.SpawnSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This host's CRIU, started as each kind of work needs it. Loaded when first used: the FFI library
 * costs a tenth of a second. Thread-safe.
 */
public final class CriuWorkers {
  /** From the moment it finds its command gone CRIU has only to clean up. */
  private static final Duration END = Duration.ofSeconds(30);

  private static final String USERFAULT = "libpod-userfault.so";
  private static final Path USERFAULT_DEVICE = Path.of("/dev/userfaultfd");

  /** CRIU uses some descriptors of its own above the highest of each task. */
  private static final long FAR_ABOVE = 4;

  private static final long LOW_DESCRIPTORS = 2048;

  /** Lies beside pod-init, as {@link #USERFAULT} does. */
  private static final String PAGE_FILTER = "libpod-page-filter.so";

  private final Path podInit;
  private final List<String> podCommand;
  private @Nullable HostCriu criu;

  /**
   * The CRIU of one host.
   *
   * @param podInit the static helper, which becomes the monitor of a restored pod
   * @param podCommand how the {@code pod} command is called; empty if it cannot be
   */
  public CriuWorkers(Path podInit, List<String> podCommand) {
    this.podInit = podInit;
    this.podCommand = podCommand;
  }

  /** The static helper. */
  Path podInit() {
    return podInit;
  }

  private synchronized HostCriu host() throws PodkitException {
    if (criu == null) {
      JnrSyscalls syscalls = JnrSyscalls.load();
      criu = new HostCriu(CriuBinary.find(), syscalls, new PosixSpawner(syscalls));
    }
    return criu;
  }

  /** For asking CRIU about itself. */
  public Criu plain() throws PodkitException {
    return host();
  }

  /** For dumps: outside the pod's control group, which is about to be frozen. */
  Criu dumper() throws PodkitException {
    return host();
  }

  /** What stops a pod for a dump. */
  Standstill standstill(PodName pod, long init, PodCgroup cgroup) {
    return new Standstill(podInit, pod, init, cgroup);
  }

  /**
   * For one restore: inside the pod's control group, where the restored processes stay, beneath a
   * monitor that becomes the parent of the pod's pid 1.
   *
   * @param knowledge a directory on a tmpfs for what CRIU learns about the kernel
   */
  Criu restorer(PodName name, List<Path> cgroups, Path exitFile, Path knowledge)
      throws PodkitException {
    List<String> onExit = MonitorCommands.onExit(podCommand, name);
    return host()
        .with(
            plan -> {
              List<Object> arguments = new ArrayList<>(worker("restore", plan));
              arguments.addAll(List.of("--exit-file", exitFile));
              cgroups.forEach(cgroup -> arguments.addAll(List.of("--cgroup", cgroup)));
              arguments.addAll(knowledge(knowledge));
              if (!onExit.isEmpty()) {
                arguments.add("--");
                arguments.addAll(onExit);
              }
              return SpawnSpec.of(podInit, arguments.toArray());
            });
  }

  /**
   * Has CRIU learn about the kernel now, and loads what a restore will call, so that the freeze is
   * spared both.
   */
  void warmUp(Path knowledge) throws PodkitException {
    SwrkLauncher launcher =
        plan -> {
          List<Object> arguments = new ArrayList<>(worker("criu", plan));
          arguments.addAll(knowledge(knowledge));
          return SpawnSpec.of(podInit, arguments.toArray());
        };
    host().with(launcher).warmUp(knowledge);
  }

  /** Leaves memory out of a dump, as a plan in that file says. */
  PageFilter pageFilter(Path plan) {
    return new PageFilter(podInit.resolveSibling(PAGE_FILTER), plan);
  }

  /**
   * What tasks need to be restored from those images lazily.
   *
   * @throws PodkitException UNSUPPORTED if this host has no /dev/userfaultfd
   */
  UserfaultGrant userfaults(Path images) throws PodkitException {
    if (!Files.exists(USERFAULT_DEVICE)) {
      throw PodkitException.unsupported(
          "this host has no " + USERFAULT_DEVICE,
          new Hint("use Linux 6.1 or newer; in a container, give it the device"));
    }
    try {
      long free = Math.max(LOW_DESCRIPTORS, FAR_ABOVE * OpenFiles.highest(images));
      return new UserfaultGrant(
          podInit.resolveSibling(USERFAULT), USERFAULT_DEVICE, Math.toIntExact(free));
    } catch (IOException e) {
      throw PodkitException.io("cannot read which descriptors the pod has", e);
    }
  }

  private static List<Object> worker(String verb, SwrkLauncher.Plan plan) {
    return List.of(verb, "--fd", plan.socket(), "--criu", plan.criu(), "--log", plan.log());
  }

  /**
   * CRIU keeps its knowledge in /run if that is a tmpfs; otherwise it is shown {@code directory}
   * there.
   */
  private static List<Object> knowledge(Path directory) {
    return knowsElsewhere() ? List.of("--kdat", directory) : List.of();
  }

  /** Whether CRIU has to be shown a place for its knowledge. */
  static boolean knowsElsewhere() {
    try {
      return !Files.getFileStore(Path.of("/run")).type().equals("tmpfs");
    } catch (IOException e) {
      return false; // then CRIU probes again, some 50 ms
    }
  }

  /**
   * Waits until no CRIU of a dead command is at work on a pod.
   *
   * @param work the pod's directory, where CRIU's logs are
   */
  void awaitOrphans(Path work) throws PodkitException {
    OrphanedCriu.awaitEnd(CriuBinary.find().criu(), work, END);
  }

  /** The monitor lives on as the parent of the pod. */
  static void letGo(RestoreResult result) throws PodkitException {
    result.worker().detach();
    try {
      result.worker().close();
    } catch (IOException e) {
      throw PodkitException.io("cannot let go of the pod's monitor", e);
    }
  }
}
