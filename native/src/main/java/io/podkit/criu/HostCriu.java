package io.podkit.criu;

import io.podkit.criu.lib.LibCriu;
import io.podkit.criu.proto.Features;
import io.podkit.criu.proto.Options;
import io.podkit.criu.proto.Request;
import io.podkit.criu.proto.RequestType;
import io.podkit.criu.proto.Response;
import io.podkit.criu.proto.Version;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.linux.Fd;
import io.podkit.linux.PathAt;
import io.podkit.linux.Pid;
import io.podkit.linux.Spawner;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CRIU on this host: each call starts a {@code criu swrk}; dump and restore drive it through
 * libcriu, the rest speaks RPC.
 *
 * <p>Several dumps and restores may run at once. libcriu has two globals: its saved errno, which we
 * never read, and the last orphaned terminal's descriptor, for which such calls take a lock. A lock
 * around every call would let two hosts that exchange pods wait for each other for ever.
 */
public final class HostCriu implements Criu {

  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
  private static final String RPC_LOG = "criu-rpc.log";
  private static final String WORKER_LOG = "criu-worker.log";

  /** Everything CRIU can compare of a processor. */
  private static final int CPU_CAP_ALL = -1;

  private static final Logger LOG = LoggerFactory.getLogger(HostCriu.class);
  private static final Lock ORPHAN_TERMINALS = new ReentrantLock();

  private final CriuBinary binary;
  private final Syscalls syscalls;
  private final Spawner spawner;
  private final SwrkLauncher launcher;

  /**
   * That CRIU, started by itself.
   *
   * @param binary which one
   * @param syscalls for its socket and directories
   * @param spawner starts it
   */
  public HostCriu(CriuBinary binary, Syscalls syscalls, Spawner spawner) {
    this(binary, syscalls, spawner, SwrkLauncher.direct());
  }

  private HostCriu(CriuBinary binary, Syscalls syscalls, Spawner spawner, SwrkLauncher launcher) {
    this.binary = binary;
    this.syscalls = syscalls;
    this.spawner = spawner;
    this.launcher = launcher;
  }

  /** The same CRIU with its workers for dump and restore started in that way. */
  public HostCriu with(SwrkLauncher other) {
    return new HostCriu(binary, syscalls, spawner, other);
  }

  @Override
  public CriuVersion version() throws PodkitException {
    Request request = Request.newBuilder().setType(RequestType.VERSION).build();
    Response response = ask(request, TEMPORARY);
    Version version = response.getVersion();
    if (!response.hasVersion()) {
      throw new PodkitException(
          ErrorKind.UNSUPPORTED, "CRIU does not say its version", CriuHints.NO_CRIU, null);
    }
    return new CriuVersion(
        version.getMajorNumber(), version.getMinorNumber(), version.getSublevel());
  }

  @Override
  public FeatureReport features() throws PodkitException {
    return features(TEMPORARY);
  }

  private FeatureReport features(Path temporary) throws PodkitException {
    Features all =
        Features.newBuilder().setMemTrack(true).setLazyPages(true).setPidfdStore(true).build();
    Request request =
        Request.newBuilder().setType(RequestType.FEATURE_CHECK).setFeatures(all).build();
    Features found = ask(request, temporary).getFeatures();
    return new FeatureReport(found.getMemTrack(), found.getLazyPages(), found.getPidfdStore());
  }

  /**
   * Does now what the first dump or restore would do while tasks stand still, some 150 ms' worth:
   * loads libcriu with the callback's stub, and has CRIU learn about the kernel where {@link #with}
   * says that it can keep its knowledge.
   *
   * @param temporary a directory that is removed with all that a death in the middle leaves there
   */
  public void warmUp(Path temporary) throws PodkitException {
    LibCriu library = LoadedLibCriu.of(binary);
    try (NotifyBridge bridge = new NotifyBridge(syscalls, library, CriuNotify.NONE);
        NativeOptions unused = NativeOptions.create(library)) {
      library.criu_local_set_notify_cb(unused.pointer(), bridge);
    } catch (IOException e) {
      throw PodkitException.io("cannot load libcriu", e);
    }
    // Of the requests without images only this one looks at the kernel; VERSION does not.
    features(temporary);
  }

  /** A request without files: what CRIU says goes to a directory that is removed again. */
  private Response ask(Request request, Path temporary) throws PodkitException {
    Path scratch = scratch(temporary);
    Path workerLog = scratch.resolve(WORKER_LOG);
    try (SwrkConnection worker = connect(launcher, workerLog, null)) {
      Response response = new CriuRpc(syscalls).call(worker.socket(), request);
      if (!response.getSuccess()) {
        throw CriuException.of("CRIU refused " + request.getType(), workerLog, workerLog);
      }
      return response;
    } finally {
      remove(scratch, List.of(workerLog));
    }
  }

  @Override
  public void cpuinfoDump(Path directory) throws PodkitException {
    cpuinfo(RequestType.CPUINFO_DUMP, directory, "CRIU cannot describe the processor");
  }

  @Override
  public void cpuinfoCheck(Path directory) throws PodkitException {
    cpuinfo(RequestType.CPUINFO_CHECK, directory, "the processor does not have what is needed");
  }

  private void cpuinfo(RequestType type, Path directory, String what) throws PodkitException {
    Path workerLog = directory.resolve(WORKER_LOG);
    try (Fd images = syscalls.openDirectory(PathAt.of(directory));
        SwrkConnection worker = connect(SwrkLauncher.direct(), workerLog, null)) {
      Options.Builder options =
          Options.newBuilder()
              .setImagesDirFd(images.number())
              .setLogFile(RPC_LOG)
              .setLogLevel(CriuOptions.DEFAULT_LOG_LEVEL)
              .setCpuCap(CPU_CAP_ALL);
      Request request = Request.newBuilder().setType(type).setOpts(options).build();
      if (!new CriuRpc(syscalls).call(worker.socket(), request).getSuccess()) {
        throw CriuException.of(what, directory.resolve(RPC_LOG), workerLog);
      }
    } catch (IOException e) {
      throw PodkitException.io(what, e);
    }
  }

  @Override
  public DumpResult dump(CriuOptions options, CriuNotify notify) throws PodkitException {
    LibCriu library = LoadedLibCriu.of(binary);
    try (SwrkConnection worker =
        connect(launcher(options), workerLog(options), options.pageServer())) {
      Operation dump = new Operation("CRIU dump failed", library::criu_local_dump);
      run(dump, library, worker, options, notify);
      return new DumpResult(counts(options));
    }
  }

  /** The tasks are gone by now: nothing about the statistics may look like a failed dump. */
  private static DumpResult.@Nullable Counts counts(CriuOptions options) {
    try {
      return StatsFile.readDump(options.work());
    } catch (IOException e) {
      LOG.warn("no statistics of the dump in {}", options.work(), e);
      return null;
    }
  }

  @Override
  public RestoreResult restore(CriuOptions options, CriuNotify notify) throws PodkitException {
    LibCriu library = LoadedLibCriu.of(binary);
    try (SwrkConnection worker = connect(launcher(options), workerLog(options), null)) {
      Operation restore = new Operation("CRIU restore failed", library::criu_local_restore);
      int pid = run(restore, library, worker, options, notify);
      return new RestoreResult(new Pid(pid), worker.handOverWorker());
    }
  }

  /** A native call, and what to say when it fails. */
  private record Operation(String failed, ToIntFunction<Pointer> call) {}

  private int run(
      Operation operation,
      LibCriu library,
      SwrkConnection worker,
      CriuOptions options,
      CriuNotify notify)
      throws PodkitException {
    boolean orphans = options.has(CriuOptions.Switch.ORPHAN_PTS_MASTER);
    if (orphans) {
      ORPHAN_TERMINALS.lock();
    }
    try (NotifyBridge bridge = new NotifyBridge(syscalls, library, notify)) {
      int rc = call(operation, library, worker, options, bridge);
      if (rc < 0 || bridge.failed()) {
        throw settled(operation, worker, options, bridge);
      }
      return rc;
    } catch (IOException e) {
      throw PodkitException.io(operation.failed, e);
    } finally {
      if (orphans) {
        ORPHAN_TERMINALS.unlock();
      }
    }
  }

  private int call(
      Operation operation,
      LibCriu library,
      SwrkConnection worker,
      CriuOptions options,
      NotifyBridge bridge)
      throws IOException {
    try (Fd images = syscalls.openDirectory(PathAt.of(options.images()));
        Fd work = syscalls.openDirectory(PathAt.of(options.work()));
        NativeOptions nativeOptions = NativeOptions.create(library)) {
      nativeOptions.set(options, images, work, ConfigFile.write(options));
      library.criu_local_set_notify_cb(nativeOptions.pointer(), bridge);
      // From here the descriptor is libcriu's, which closes it after the request.
      library.criu_local_set_service_fd(nativeOptions.pointer(), worker.newSocket().release());
      return operation.call.applyAsInt(nativeOptions.pointer());
    } finally {
      // JNR's stub for the callback lives only as long as the object.
      Reference.reachabilityFence(bridge);
    }
  }

  /** The failure, after CRIU's end: only then is the tasks' fate settled and the log complete. */
  private static PodkitException settled(
      Operation operation, SwrkConnection worker, CriuOptions options, NotifyBridge bridge)
      throws IOException {
    boolean ended = worker.awaitEnd();
    Files.write(workerLog(options), worker.lastWords(), StandardOpenOption.APPEND);
    PodkitException failure =
        bridge.failed()
            ? bridge.failure()
            : CriuException.of(operation.failed, options.logPath(), workerLog(options));
    if (!ended) {
      failure.addSuppressed(PodkitException.timeout("CRIU does not end and is killed"));
    }
    return failure;
  }

  private SwrkLauncher launcher(CriuOptions options) {
    return options.preload() == null ? launcher : options.preload().into(launcher);
  }

  private SwrkConnection connect(SwrkLauncher how, Path workerLog, @Nullable Fd pageServer)
      throws PodkitException {
    return SwrkConnection.open(syscalls, spawner, how, binary.criu(), workerLog, pageServer);
  }

  private static Path workerLog(CriuOptions options) {
    return options.work().resolve(WORKER_LOG);
  }

  private static Path scratch(Path temporary) throws PodkitException {
    try {
      return Files.createTempDirectory(temporary, "podkit-criu-");
    } catch (IOException e) {
      throw PodkitException.io("cannot make a scratch directory", e);
    }
  }

  private static void remove(Path directory, List<Path> files) throws PodkitException {
    try {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + directory, e);
    }
  }
}
