package io.podkit.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.CriuOptions.Switch;
import io.podkit.error.PodkitException;
import io.podkit.linux.FdChannel;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Pid;
import io.podkit.linux.PosixSpawner;
import io.podkit.linux.Signal;
import io.podkit.linux.SpawnSpec;
import io.podkit.process.Command;
import io.podkit.procfs.ProcStat;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * CRIU under {@code pod-init restore}: who becomes the parent of the restored pid 1. Needs root.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RestoreMonitorIT {
  private static final Path POD_INIT = Path.of("target/pod-init").toAbsolutePath();
  private static final Path PROC = Path.of("/proc");
  private static final Pattern MONITOR = Pattern.compile("\"monitor\": ?(\\d+)");

  private final JnrSyscalls sys = JnrSyscalls.load();

  @TempDir Path directory;

  @Test
  void restoredPidOne_isAdoptedByTheMonitorThatWritesItsEnd() throws Exception {
    Path exitFile = directory.resolve("exit.json");
    HostCriu criu = criu(POD_INIT, exitFile);
    try (Ticker ticker = Ticker.start(directory, 1)) {
      ticker.awaitTick();
      Path images = Files.createDirectory(directory.resolve("images"));
      criu.with(
              plan ->
                  SpawnSpec.of(POD_INIT, "criu", "--fd", plan.socket())
                      .arguments("--criu", plan.criu(), "--log", plan.log()))
          .dump(options(images).pid(ticker.pid()).build(), CriuNotify.NONE);
      ticker.awaitGone();

      RestoreResult restored =
          criu.restore(options(images).root(ticker.root()).build(), CriuNotify.NONE);
      ticker.isNow(restored.root());
      Pid monitor = monitor(restored);
      ticker.awaitTick();

      assertThat(parent(restored.root())).isEqualTo(monitor.value());
      restored.worker().detach();
      restored.worker().close();
      ticker.awaitTick();

      sys.kill(restored.root(), Signal.KILL);
      while (!Files.exists(exitFile)) {
        Thread.sleep(10);
      }
      assertThat(exitFile).content().contains("\"signal\":9");
    }
  }

  @Test
  void restoreAbortedBeforeResume_leavesNeitherTaskNorExitFile() throws Exception {
    Path exitFile = directory.resolve("exit.json");
    HostCriu criu = criu(POD_INIT, exitFile);
    try (Ticker ticker = Ticker.start(directory, 1)) {
      ticker.awaitTick();
      Path images = Files.createDirectory(directory.resolve("images"));
      criu.with(SwrkLauncher.direct())
          .dump(options(images).pid(ticker.pid()).build(), CriuNotify.NONE);
      ticker.awaitGone();
      PodkitException verdict = PodkitException.cancelled("the source runs on");
      CriuNotify abort =
          new CriuNotify() {
            @Override
            public void postRestore(Pid root) {
              ticker.isNow(root);
            }

            @Override
            public void preResume() throws PodkitException {
              throw verdict;
            }
          };
      assertThatThrownBy(() -> criu.restore(options(images).root(ticker.root()).build(), abort))
          .isSameAs(verdict);
      // Not "soon": CRIU has ended, and before that it has seen the task end.
      assertThat(ticker.isRunning()).isFalse();
      assertThat(exitFile).doesNotExist();
    }
  }

  @Test
  void warmUp_hasCriuKeepWhatItLearnsAboutTheKernel() throws Exception {
    Path knowledge = Files.createTempDirectory(Path.of("/dev/shm"), "podkit-kdat-");
    Path kept = knowledge.resolve("criu.kdat");
    try {
      HostCriu criu = new HostCriu(CriuBinary.find(), sys, new PosixSpawner(sys));
      criu.with(
              plan ->
                  SpawnSpec.of(POD_INIT, "criu", "--fd", plan.socket(), "--criu", plan.criu())
                      .arguments("--log", plan.log(), "--kdat", knowledge))
          .warmUp(directory);
      assertThat(kept).exists();
    } finally {
      Command.of("rm", "-rf", knowledge).run();
    }
  }

  @Test
  void helperThatFails_isQuotedInTheError() {
    HostCriu criu = criu(Path.of("/bin/sh"), directory.resolve("exit.json"));
    assertThatThrownBy(
            () -> criu.restore(options(directory).root(directory).build(), CriuNotify.NONE))
        .isInstanceOfSatisfying(
            CriuException.class,
            e -> assertThat(String.join("\n", e.excerpt())).contains("restore"));
  }

  private HostCriu criu(Path helper, Path exitFile) {
    try {
      return new HostCriu(CriuBinary.find(), sys, new PosixSpawner(sys))
          .with(
              plan ->
                  SpawnSpec.of(helper, "restore", "--fd", plan.socket(), "--criu", plan.criu())
                      .arguments("--log", plan.log(), "--exit-file", exitFile)
                      .pipeStdout());
    } catch (PodkitException e) {
      throw new AssertionError(e);
    }
  }

  private Pid monitor(RestoreResult restored) throws Exception {
    FdChannel out = new FdChannel(sys, restored.worker().stdout(), Duration.ofSeconds(10));
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(out), StandardCharsets.UTF_8));
    Matcher matcher = MONITOR.matcher(lines.readLine());
    assertThat(matcher.find()).isTrue();
    return Pid.parse(matcher.group(1));
  }

  private static long parent(Pid pid) throws Exception {
    long parent = ProcStat.of(PROC, pid).orElseThrow().parent();
    String name = ProcStat.of(PROC, new Pid(parent)).orElseThrow().command();
    // Until CRIU itself has ended the pod is its child.
    for (int i = 0; i < 500 && !name.equals("pod-monitor"); i++) {
      Thread.sleep(10);
      parent = ProcStat.of(PROC, pid).orElseThrow().parent();
      name = ProcStat.of(PROC, new Pid(parent)).orElseThrow().command();
    }
    return parent;
  }

  private static CriuOptions.Builder options(Path images) {
    return CriuOptions.in(images)
        .log("criu.log", 4)
        .on(Switch.NO_NETWORK_LOCK, Switch.EMPTY_NETWORK_NAMESPACE, Switch.IGNORE_CGROUPS);
  }
}
