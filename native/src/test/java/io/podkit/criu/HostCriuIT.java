package io.podkit.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.CriuOptions.AfterDump;
import io.podkit.criu.CriuOptions.Switch;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Pid;
import io.podkit.linux.PosixSpawner;
import io.podkit.process.Command;
import io.podkit.procfs.ProcStat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real CRIU on a real process; needs root. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostCriuIT {
  private final JnrSyscalls sys = JnrSyscalls.load();

  @TempDir Path directory;
  private Path images = Path.of("");
  private HostCriu criu =
      new HostCriu(
          new CriuBinary(images, images, images),
          sys,
          spec -> {
            throw new AssertionError();
          });

  @BeforeEach
  void findCriu() throws Exception {
    images = Files.createDirectory(directory.resolve("images"));
    criu = new HostCriu(CriuBinary.find(), sys, new PosixSpawner(sys));
  }

  @Test
  void version_isNewEnough() throws PodkitException {
    assertThat(criu.version()).isGreaterThanOrEqualTo(CriuVersion.OLDEST);
  }

  @Test
  void features_knowUserfaultfd() throws PodkitException {
    assertThat(criu.features().lazyPages()).isTrue();
    assertThat(criu.features().pidfdStore()).isTrue();
  }

  @Test
  void cpuinfo_ofThisHostFitsThisHost() throws Exception {
    criu.cpuinfoDump(images);
    assertThat(images.resolve("cpuinfo.img")).exists();
    criu.cpuinfoCheck(images);
  }

  @Test
  void cpuinfo_thatCannotBeReadIsAnError() throws Exception {
    Files.writeString(images.resolve("cpuinfo.img"), "nonsense");
    assertThatThrownBy(() -> criu.cpuinfoCheck(images)).isInstanceOf(CriuException.class);
  }

  @Test
  void dumpAndRestore_carryAProcessAcross() throws Exception {
    try (Ticker ticker = Ticker.start(directory, 8)) {
      ticker.awaitTick();
      Recorder dumpSteps = new Recorder();
      DumpResult result = criu.dump(options().pid(ticker.pid()).build(), dumpSteps);

      assertThat(dumpSteps.steps).containsExactly("preDump", "networkLock", "postDump");
      assertThat(result.counts()).isNotNull();
      assertThat(result.counts().pagesWritten()).isGreaterThan(2048);
      ticker.awaitGone();
      final long counted = ticker.count();

      Recorder restoreSteps = new Recorder();
      restoreSteps.atPreResume = () -> assertThat(ticker.count()).isEqualTo(counted);
      RestoreResult restored = criu.restore(restoreOptions(ticker), restoreSteps);

      ticker.isNow(restored.root());
      assertThat(restoreSteps.steps)
          .containsExactly(
              "preRestore",
              "setupNamespaces " + ticker.pid(),
              "postSetupNamespaces",
              "postRestore " + ticker.pid(),
              "networkUnlock",
              "preResume",
              "postResume");
      ticker.awaitTick();
      assertThat(ticker.count()).isGreaterThan(counted);
      restored.worker().close();
      ticker.awaitTick();
    }
  }

  @Test
  void dump_abortedByPostDumpLeavesTheProcessRunning() throws Exception {
    try (Ticker ticker = Ticker.start(directory, 1)) {
      ticker.awaitTick();
      PodkitException verdict = PodkitException.peer("the target does not answer", null);
      CriuNotify abort =
          new CriuNotify() {
            @Override
            public void postDump() throws PodkitException {
              throw verdict;
            }
          };
      assertThatThrownBy(() -> criu.dump(options().pid(ticker.pid()).build(), abort))
          .isSameAs(verdict);
      assertThat(ticker.isRunning()).isTrue();
      ticker.awaitTick();
      assertThat(criu.dump(options().pid(ticker.pid()).build(), CriuNotify.NONE)).isNotNull();
    }
  }

  @Test
  void dumps_doNotWaitForEachOther() throws Exception {
    try (Ticker one = Ticker.start(Files.createDirectory(directory.resolve("one")), 1);
        Ticker two = Ticker.start(Files.createDirectory(directory.resolve("two")), 1)) {
      CyclicBarrier bothFrozen = new CyclicBarrier(2);
      CriuNotify meet =
          new CriuNotify() {
            @Override
            public void postDump() throws PodkitException {
              try {
                bothFrozen.await(30, TimeUnit.SECONDS);
              } catch (Exception e) {
                throw PodkitException.internal("the other dump is not there", e);
              }
            }
          };
      CompletableFuture<?> other = CompletableFuture.runAsync(() -> dump(one, meet));
      dump(two, meet);
      other.get();
      one.awaitGone();
      two.awaitGone();
    }
  }

  private void dump(Ticker ticker, CriuNotify notify) {
    try {
      ticker.awaitTick();
      Path into = Files.createDirectory(ticker.root().resolveSibling("images"));
      criu.dump(
          CriuOptions.in(into)
              .on(Switch.NO_NETWORK_LOCK, Switch.EMPTY_NETWORK_NAMESPACE, Switch.IGNORE_CGROUPS)
              .pid(ticker.pid())
              .build(),
          notify);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void dump_isCancelledByAnInterrupt() throws Exception {
    try (Ticker ticker = Ticker.start(directory, 1)) {
      ticker.awaitTick();
      Recorder steps = new Recorder();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> criu.dump(options().pid(ticker.pid()).build(), steps))
          .isInstanceOf(PodkitException.class)
          .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.CANCELLED));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(steps.steps).isEmpty();
      ticker.awaitTick();
    }
  }

  @Test
  void dump_whoseCallerIsKilledLeavesTheProcessRunning() throws Exception {
    try (Ticker ticker = Ticker.start(directory, 1)) {
      ticker.awaitTick();
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      Path frozen = directory.resolve("frozen");
      Command.of(java, "-cp", System.getProperty("java.class.path"), DumpAndDie.class.getName())
          .env("DUMP_PID", ticker.pid().toString())
          .env("DUMP_IMAGES", images.toString())
          .env("DUMP_FROZEN", frozen.toString())
          .run();
      assertThat(frozen).exists();
      ticker.awaitTick();
      assertThat(criu.dump(options().pid(ticker.pid()).build(), CriuNotify.NONE)).isNotNull();
    }
  }

  @Test
  void dump_abortedByARuntimeExceptionLeavesTheProcessRunning() throws Exception {
    try (Ticker ticker = Ticker.start(directory, 1)) {
      ticker.awaitTick();
      CriuNotify broken =
          new CriuNotify() {
            @Override
            public void networkLock() {
              throw new IllegalStateException("a bug");
            }
          };
      assertThatThrownBy(() -> criu.dump(options().pid(ticker.pid()).build(), broken))
          .isInstanceOf(IllegalStateException.class);
      ticker.awaitTick();
    }
  }

  @Test
  void dump_runOnKeepsTheProcess() throws Exception {
    try (Ticker ticker = Ticker.start(directory, 1)) {
      ticker.awaitTick();
      Recorder steps = new Recorder();
      criu.dump(options().pid(ticker.pid()).afterDump(AfterDump.RUN_ON).build(), steps);
      assertThat(steps.steps)
          .containsExactly("preDump", "networkLock", "postDump", "networkUnlock");
      ticker.awaitTick();
    }
  }

  @Test
  void dump_stopLeavesTheProcessStopped() throws Exception {
    try (Ticker ticker = Ticker.start(directory, 1)) {
      ticker.awaitTick();
      criu.dump(options().pid(ticker.pid()).afterDump(AfterDump.STOP).build(), CriuNotify.NONE);
      // The stop signal takes effect when the process is next scheduled.
      while (ProcStat.of(Path.of("/proc"), ticker.pid()).orElseThrow().state() != 'T') {
        Thread.sleep(10);
      }
    }
  }

  @Test
  void dump_thatFailsCarriesCriusWords() {
    Pid nobody = new Pid(4_000_000);
    assertThatThrownBy(() -> criu.dump(options().pid(nobody).build(), CriuNotify.NONE))
        .isInstanceOfSatisfying(
            CriuException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ErrorKind.CRIU);
              assertThat(e.log()).isEqualTo(images.resolve("criu.log"));
              assertThat(e.excerpt()).isNotEmpty();
              assertThat(e.what()).startsWith("CRIU dump failed: ");
            });
  }

  @Test
  void restore_abortedBeforeResumeLeavesNothing() throws Exception {
    try (Ticker ticker = Ticker.start(directory, 1)) {
      ticker.awaitTick();
      criu.dump(options().pid(ticker.pid()).build(), CriuNotify.NONE);
      ticker.awaitGone();
      long counted = ticker.count();
      PodkitException verdict = PodkitException.cancelled("the source runs on");
      Recorder abort = new Recorder();
      abort.atPreResume =
          () -> {
            throw verdict;
          };
      assertThatThrownBy(() -> criu.restore(restoreOptions(ticker), abort)).isSameAs(verdict);
      ticker.awaitGone();
      assertThat(ticker.count()).isEqualTo(counted);
    }
  }

  @Test
  void worker_thatCannotStartIsUnsupportedOrIo() {
    CriuBinary none = new CriuBinary(Path.of("/no/criu"), Path.of("/no/lib"), Path.of("/no/pb"));
    HostCriu missing = new HostCriu(none, sys, new PosixSpawner(sys));
    assertThatThrownBy(missing::version)
        .hasMessageContaining("posix_spawn(/no/criu): ENOENT")
        .satisfies(e -> assertThat(((PodkitException) e).hint()).isEqualTo(CriuHints.NO_CRIU));
    assertThatThrownBy(() -> missing.dump(options().build(), CriuNotify.NONE))
        .hasMessageContaining("cannot load /no/pb");
  }

  private CriuOptions.Builder options() {
    return CriuOptions.in(images)
        .log("criu.log", 4)
        .on(Switch.NO_NETWORK_LOCK, Switch.EMPTY_NETWORK_NAMESPACE, Switch.IGNORE_CGROUPS);
  }

  private CriuOptions restoreOptions(Ticker ticker) {
    return options().root(ticker.root()).build();
  }

  /** Writes down the steps. */
  private static final class Recorder implements CriuNotify {
    private interface Step {
      void run() throws Exception;
    }

    private final List<String> steps = new ArrayList<>();
    private Step atPreResume = () -> {};

    @Override
    public void preDump() {
      steps.add("preDump");
    }

    @Override
    public void networkLock() {
      steps.add("networkLock");
    }

    @Override
    public void postDump() {
      steps.add("postDump");
    }

    @Override
    public void networkUnlock() {
      steps.add("networkUnlock");
    }

    @Override
    public void preRestore() {
      steps.add("preRestore");
    }

    @Override
    public void setupNamespaces(Pid root) {
      steps.add("setupNamespaces " + root);
    }

    @Override
    public void postSetupNamespaces() {
      steps.add("postSetupNamespaces");
    }

    @Override
    public void postRestore(Pid root) {
      steps.add("postRestore " + root);
    }

    @Override
    public void preResume() throws PodkitException {
      steps.add("preResume");
      try {
        atPreResume.run();
      } catch (PodkitException e) {
        throw e;
      } catch (Exception e) {
        throw PodkitException.internal("step", e);
      }
    }

    @Override
    public void postResume() {
      steps.add("postResume");
    }
  }
}
