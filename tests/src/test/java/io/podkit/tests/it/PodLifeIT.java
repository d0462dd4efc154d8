package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podkit.process.CommandResult;
import io.podkit.process.Subprocess;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.TestPod;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user relies on in a pod holds after a move as before. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU})
class PodLifeIT {

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @Test
  void exitStatusIsKnownAfterAMove() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod =
        shell("status", "trap 'exit 42' TERM; echo up; while :; do sleep 0.1; done")) {
      pod.awaitLog("up");
      pod.moveTo(lab.hostB());
      pod.signal("TERM");
      assertThat(pod.await()).isEqualTo(42);
      assertThat(pod.inspect().path("exitCode").asInt()).isEqualTo(42);
      assertThat(pod.inspect().path("state").asText()).isEqualTo("exited");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"QUIT", "WINCH", "RTMIN+3", "PIPE"})
  void stopSignalIsThePods_alsoAfterAMove(String signal) throws Exception {
    Lab lab = LAB.get();
    String script =
        "trap '' TERM; trap 'exit 43' " + signal + "; echo up; while :; do sleep 0.1; done";
    try (TestPod pod =
        TestPod.run(
            lab.hostA(),
            "stopped",
            lab.images().of("base"),
            "--stop-signal",
            signal,
            "--expose",
            "80",
            "--",
            "bash",
            "-c",
            script)) {
      pod.awaitLog("up");
      pod.moveTo(lab.hostB());
      assertThat(pod.inspect().path("exposedPorts").path(0).asText()).isEqualTo("80/tcp");
      pod.home().pod("stop", "--time", "30", pod.name());
      assertThat(pod.inspect().path("exitCode").asInt()).isEqualTo(43);
    }
  }

  @Test
  void removingByForceAsksFirst() throws Exception {
    Lab lab = LAB.get();
    Path told = Files.createTempDirectory("told");
    String script = "trap 'echo asked >/told/it; exit' TERM; echo up; while :; do sleep 0.1; done";
    TestPod pod =
        TestPod.run(
            lab.hostA(),
            "asked",
            lab.images().of("base"),
            "-v",
            told + ":/told",
            "--",
            "bash",
            "-c",
            script);
    try {
      pod.awaitLog("up");
      pod.home().pod("rm", "-f", pod.name());
      assertThat(told.resolve("it")).hasContent("asked\n");
    } finally {
      pod.home().tryPod("rm", "-f", "-t", "0", pod.name());
      Files.deleteIfExists(told.resolve("it"));
      Files.delete(told);
    }
  }

  @Test
  void logsGoOnWithoutAGap() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod = shell("logs", "for ((i = 1; ; i++)); do echo line $i; sleep 0.01; done")) {
      pod.awaitLog("line 50\n");
      pod.moveTo(lab.hostB());
      pod.moveTo(lab.hostA());
      long seen = pod.logs().lines().count();
      String log = pod.awaitLog("line " + (seen + 50) + "\n");
      long number = 1;
      for (String line : log.lines().toList()) {
        assertThat(line).isEqualTo("line " + number++);
      }
    }
  }

  @Test
  void limitsHoldOnTheOtherHost() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod =
        TestPod.run(
            lab.hostA(),
            "limits",
            lab.images().of("base"),
            "--pids-limit",
            "20",
            "--memory",
            "64m",
            "--cpus",
            "0.5",
            "--",
            "sleep",
            "infinity")) {
      pod.moveTo(lab.hostB());
      JsonNode limits = pod.inspect().path("limits");
      assertThat(limits.path("pids").asInt()).isEqualTo(20);
      assertThat(limits.path("memoryBytes").asLong()).isEqualTo(64L << 20);
      CommandResult forks =
          pod.home()
              .tryPod(
                  "exec", pod.name(), "--", "bash", "-c", "for i in {1..40}; do sleep 1 & done");
      assertThat(forks.stderr() + forks.stdout()).contains("fork");
      CommandResult eater =
          pod.home()
              .tryPod("exec", pod.name(), "--", Workload.PROGRAMS + "workload", "memory", "200");
      assertThat(eater.status().shellCode()).as("killed for its memory").isEqualTo(137);
    }
  }

  /** A process started by exec is a full member: it moves, and its session can be finished. */
  @Test
  void execMovesAlong() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod = shell("exec", "echo up; sleep infinity")) {
      pod.awaitLog("up");
      try (Subprocess session =
          lab.hostA()
              .podCommand("exec", pod.name(), "--", Workload.PROGRAMS + "workload", "pipe")
              .start()) {
        awaitProcess(pod, "workload pipe");
        pod.moveTo(lab.hostB());
        awaitProcess(pod, "workload pipe");
        assertThat(pod.exec("pkill", "-USR1", "-f", "workload pipe")).isEmpty();
        awaitNoProcess(pod, "workload pipe");
        assertThat(session.finish().status().shellCode())
            .as("the pod left this host")
            .isIn(11, 125);
      }
      assertThat(pod.exec("echo", "still here").strip()).isEqualTo("still here");
    }
  }

  /** With every capability a pod does in its namespaces what it likes, and nothing to the host. */
  @Test
  void allCapabilitiesAreNothingOnTheHost() throws Exception {
    Lab lab = LAB.get();
    Path sysctl = Path.of("/proc/sys/kernel/core_pattern");
    String before = Files.readString(sysctl);
    String attempt =
        """
        mount -t tmpfs none /mnt && umount /mnt && echo mounts
        ip link add d0 type veth && ip link del d0 && echo links
        umount /proc/sys; mount --bind /proc /mnt
        for file in /proc/sys/kernel/core_pattern /mnt/sys/kernel/core_pattern; do
          (echo '|/nothing' >$file) 2>/dev/null && echo "wrote $file"
        done
        umount /mnt; mount -t sysfs none /mnt && echo sysfs
        mknod /tmp/loop b 7 0 && echo device
        true""";
    try (TestPod pod =
        TestPod.run(
            lab.hostA(),
            "mighty",
            lab.images().of("base"),
            "--cap-add",
            "ALL",
            "--",
            "bash",
            "-c",
            "echo up; sleep infinity")) {
      pod.awaitLog("up");
      assertThat(pod.exec("bash", "-c", attempt).lines()).containsExactly("mounts", "links");
      pod.moveTo(lab.hostB());
      assertThat(pod.exec("bash", "-c", attempt).lines()).containsExactly("mounts", "links");
      assertThat(sysctl).hasContent(before);
    } finally {
      Files.writeString(sysctl, before);
    }
  }

  @Test
  void identityStays() throws Exception {
    Lab lab = LAB.get();
    String who =
        "id; hostname; pwd; echo $GREETING; cat /proc/self/cgroup | wc -l; ls -la /home/user";
    try (TestPod pod =
        TestPod.run(
            lab.hostA(),
            "identity",
            lab.images().of("base"),
            "--user",
            "user",
            "--env",
            "GREETING=hello",
            "--hostname",
            "crossing",
            "--workdir",
            "/home/user",
            "--",
            "bash",
            "-c",
            "echo mine > file; echo up; sleep infinity")) {
      pod.awaitLog("up");
      String before = pod.exec("bash", "-c", who);
      JsonNode address = pod.inspect().path("address");
      pod.moveTo(lab.hostB());
      assertThat(pod.exec("bash", "-c", who)).isEqualTo(before).contains("crossing", "hello");
      assertThat(pod.inspect().path("address")).isEqualTo(address);
    }
  }

  /** The move has left nothing of the pod where it came from. */
  @Test
  void theSourceIsClean() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod = shell("clean", "echo up; sleep infinity")) {
      pod.awaitLog("up");
      pod.moveTo(lab.hostB());
      assertThat(lab.hostA().podNames()).doesNotContain("clean");
      assertThat(lab.hostA().root().resolve("pods/clean")).doesNotExist();
      assertThat(lab.hostA().root().resolveSibling("run/pods/clean")).doesNotExist();
      assertThat(lab.hostB().podNames()).contains("clean");
    }
  }

  /** Who stops it does not remove it: its monitor does, a moment later. */
  @Test
  void aPodWithRmThatIsStoppedIsRemoved() throws Exception {
    Lab lab = LAB.get();
    Host host = lab.hostA();
    String image = lab.images().of("base");
    host.pod("run", "-d", "--rm", "--name", "brief", "--image", image, "--", "sleep", "infinity");
    host.pod("stop", "-t", "0", "brief");
    for (int i = 0; i < 500 && host.podNames().contains("brief"); i++) {
      Thread.sleep(20);
    }
    assertThat(host.podNames()).doesNotContain("brief");
    assertThat(host.root().resolve("pods/brief")).doesNotExist();
  }

  /** What {@code pod run} would have done at the end its pod's monitor does. */
  @Test
  void aForegroundThatIsKilledLeavesNothingBehind() throws Exception {
    Lab lab = LAB.get();
    String script =
        """
        pod run --rm --name orphan --image "$1" -- sh -c 'echo up; sleep 2' >"$2" & run=$!
        until grep -q up "$2"; do sleep 0.05; done
        kill -KILL $run
        for ((i = 0; i < 400; i++)); do
          [[ -n $(pod ps -a -q) ]] || { grep -c pods/orphan /proc/self/mounts; exit 0; }
          sleep 0.05
        done
        """;
    String mounts =
        lab.hostA()
            .exec("bash", "-c", script, "bash", lab.images().of("base"), lab.hostA().run() + ".up")
            .run()
            .stdout();
    Files.deleteIfExists(Path.of(lab.hostA().run() + ".up"));
    assertThat(mounts.strip()).isEqualTo("0");
  }

  private static TestPod shell(String name, String script) throws Exception {
    Lab lab = LAB.get();
    return TestPod.run(lab.hostA(), name, lab.images().of("base"), "--", "bash", "-c", script);
  }

  private static void awaitProcess(TestPod pod, String pattern) throws Exception {
    await(pod, pattern, 0);
  }

  private static void awaitNoProcess(TestPod pod, String pattern) throws Exception {
    await(pod, pattern, 1);
  }

  private static void await(TestPod pod, String pattern, int status) throws Exception {
    CommandResult found =
        pod.home().tryPod("exec", pod.name(), "--", "pgrep", "-fx", ".*" + pattern);
    for (int tries = 0; found.status().shellCode() != status; tries++) {
      assertThat(tries).as("tries to see '%s': %s", pattern, found).isLessThan(20);
      Thread.sleep(200);
      found = pod.home().tryPod("exec", pod.name(), "--", "pgrep", "-fx", ".*" + pattern);
    }
  }
}
