package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.cli.fake.Samples;
import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.VolumeSpec;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PodCommandsTest {
  private final PodShell shell = new PodShell();

  private void threePods() {
    shell.pods.add(Samples.running("cache"));
    shell.pods.add(Samples.pod("job", PodState.EXITED));
    PodSpec spec =
        PodSpec.builder(new PodName("shell"), PodSource.rootfs(Path.of("/srv/tree")))
            .command(List.of("/bin/sh", "-c", "while sleep 1; do date; done\n"))
            .env(Map.of("B", "2", "A", "1"))
            .volumes(List.of(VolumeSpec.of(Path.of("/data"), Path.of("/var/data"), true)))
            .build();
    shell.pods.add(Samples.pod(spec, PodState.LEAVING));
  }

  @Test
  void ps_showsWhatRuns() {
    threePods();
    Result result = shell.run("ps");

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    Golden.check("ps.txt", result.out());
  }

  @Test
  void ps_allInFull() {
    threePods();
    Golden.check("ps-all.txt", shell.run("ps", "-a", "--no-trunc").out());
  }

  @Test
  void ps_json() {
    threePods();
    Golden.check("ps.json", shell.run("ps", "-a", "-o", "json").out());
    Golden.check("ps-empty.json", new PodShell().run("ps", "-o", "json").out());
  }

  @Test
  void ps_tellsContainersOfEnginesFromPods() {
    shell.pods.add(Samples.running("web"));
    shell.pods.add(Samples.container("redis"));
    Golden.check("ps-container.txt", shell.run("ps").out());
    Golden.check("ps-container-ports.txt", shell.run("ps", "--no-trunc").out());
    Golden.check("ps-container.json", shell.run("ps", "-o", "json").out());
  }

  @Test
  void ps_quiet() {
    threePods();
    assertThat(shell.run("ps", "-aq").out()).isEqualTo("cache\njob\nshell\n");
  }

  @Test
  void ps_plainArgumentsGiveWhatPicocliGives() {
    threePods();
    List<String> flags = List.of("-a", "--all", "-q", "--quiet", "--no-trunc");
    for (String one : flags) {
      for (String other : flags) {
        // An option of pod itself takes the way through picocli.
        assertThat(shell.run("ps", one, other))
            .isEqualTo(shell.run("--root", "/var/lib/pod", "ps", one, other));
      }
    }
    shell.pods.failures.put("list", PodkitException.refused("no"));
    assertThat(shell.run("ps")).isEqualTo(shell.run("--root", "/var/lib/pod", "ps"));
    assertThat(shell.run("ps").code()).isEqualTo(5);
  }

  @Test
  void inspect_isAnArray() {
    threePods();
    Golden.check("inspect.json", shell.run("inspect", "shell", "job").out());
    Golden.check("inspect.json", shell.run("inspect", "-o", "json", "shell", "job").out());
    assertThat(shell.run("inspect", "shell", "nope").out()).isEmpty();
    assertThat(shell.run("inspect", "shell", "nope").code()).isEqualTo(3);
  }

  @Test
  void stop_passesTheGrace() {
    threePods();
    assertThat(shell.run("stop", "cache")).isEqualTo(new Result(0, "cache\n", ""));
    shell.run("stop", "-t", "0", "cache");
    shell.run("stop", "--time", "1m", "cache");
    assertThat(shell.pods.calls)
        .containsExactly("stop cache PT10S", "stop cache PT0S", "stop cache PT1M");
    assertThat(shell.run("stop", "-t", "soon", "cache").code()).isEqualTo(2);
  }

  @Test
  void kill_passesTheSignal() {
    threePods();
    shell.run("kill", "cache");
    shell.run("kill", "-s", "SIGHUP", "cache", "job");
    assertThat(shell.pods.calls).containsExactly("kill cache 9", "kill cache 1", "kill job 1");
    assertThat(shell.run("kill", "-s", "LOUD", "cache").code()).isEqualTo(2);
  }

  @Test
  void rm_removesEachAndTellsWhich() {
    threePods();
    Result result = shell.run("rm", "-f", "-o", "json", "cache", "nope", "job");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).startsWith("error: no pod named nope\n");
    Golden.check("rm.json", result.out());
    assertThat(shell.pods.pods.keySet()).containsExactly("shell");
  }

  @Test
  void rm_conflictHasItsCode() {
    threePods();
    shell.pods.failures.put("remove", PodkitException.conflict("pod cache runs"));
    assertThat(shell.run("rm", "cache")).isEqualTo(new Result(4, "", "error: pod cache runs\n"));
  }

  @Test
  void settle_isCalledByMonitors() {
    assertThat(shell.run("settle", "web")).isEqualTo(new Result(0, "", ""));
    assertThat(shell.pods.calls).containsExactly("settle web");
  }

  @Test
  void logs_goToTheirStreams() {
    threePods();
    shell.pods.files.content.put("/.pod/stdout", "one\ntwo\nthree");
    shell.pods.files.content.put("/.pod/stderr", "bad\nworse\n");

    assertThat(shell.run("logs", "cache"))
        .isEqualTo(new Result(0, "one\ntwo\nthree", "bad\nworse\n"));
    assertThat(shell.run("logs", "--tail", "1", "cache"))
        .isEqualTo(new Result(0, "three", "worse\n"));
    assertThat(shell.run("logs", "-n", "2", "cache").out()).isEqualTo("two\nthree");
    assertThat(shell.run("logs", "-n", "0", "cache")).isEqualTo(new Result(0, "", ""));
    assertThat(shell.run("logs", "-n", "-1", "cache").code()).isEqualTo(2);
    assertThat(shell.run("logs", "nope").code()).isEqualTo(3);
    assertThat(shell.pods.files.calls).containsOnly("close");
  }

  @Test
  void logs_ofAPodThatNeverRanAreEmpty() {
    threePods();
    assertThat(shell.run("logs", "cache")).isEqualTo(new Result(0, "", ""));
  }

  @Test
  @Timeout(20)
  void logs_followUntilThePodEnds() {
    shell.pods.add(Samples.running("web"));
    shell.pods.files.streams.put("/.pod/stdout", new GrowingLog());

    assertThat(shell.run("logs", "-f", "web").out()).isEqualTo("first\nlast\n");
  }

  /** Prints, waits, prints once more and ends the pod in the moment it is read. */
  private final class GrowingLog extends InputStream {
    private int reads;

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      reads++;
      String text = "";
      if (reads == 1) {
        text = "first\n";
      } else if (reads == 5) {
        shell.pods.pods.remove("web");
        text = "last\n";
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, buffer, offset, bytes.length);
      return bytes.length == 0 ? -1 : bytes.length;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void stats_once() {
    threePods();
    Golden.check("stats.txt", shell.run("stats", "--no-stream").out());
    Golden.check("stats.json", shell.run("stats", "--no-stream", "-o", "json", "cache").out());
    assertThat(shell.pods.calls).contains("stats cache PT0.25S", "stats shell PT0.25S");
  }

  @Test
  void stats_aNamedPodThatIsMissingFails() {
    assertThat(shell.run("stats", "--no-stream", "nope").code()).isEqualTo(3);
  }

  @Test
  void stats_aPodThatEndedMeanwhileIsLeftOut() {
    threePods();
    shell.pods.failures.put("stats", PodkitException.conflict("pod cache is not running"));
    Result result = shell.run("stats", "--no-stream");
    assertThat(result.code()).isZero();
    assertThat(result.out().lines()).hasSize(1);
  }

  @Test
  void cp_copiesBothWays() {
    threePods();
    assertThat(shell.run("cp", "cache:/etc/hosts", "/srv/x")).isEqualTo(new Result(0, "", ""));
    assertThat(shell.run("cp", "/srv/x", "cache:/etc")).isEqualTo(new Result(0, "", ""));
    assertThat(shell.pods.files.calls)
        .containsExactly("out /etc/hosts /srv/x", "close", "in /srv/x /etc", "close");
    assertThat(shell.run("cp", "a", "b").code()).isEqualTo(2);
  }

  @Test
  void checkpoint_tellsWhatItCost() {
    Golden.check("checkpoint.txt", shell.run("checkpoint", "web").out());
    Golden.check(
        "checkpoint.json",
        shell.run("checkpoint", "-R", "-o", "/srv/web.tar", "--format", "json", "web").out());
    assertThat(shell.host.calls)
        .containsExactly("checkpoint web false null", "checkpoint web true /srv/web.tar");
  }

  @Test
  void restore_byNameOrFromAnArchive() {
    assertThat(shell.run("restore", "web")).isEqualTo(new Result(0, "web\n", ""));
    shell.run("restore", "-i", "/srv/web.tar");
    shell.run("restore", "--import", "/srv/web.tar", "--name", "web2");
    assertThat(shell.host.calls)
        .containsExactly(
            "restore web", "restoreFrom /srv/web.tar null", "restoreFrom /srv/web.tar web2");
    assertThat(shell.run("restore").code()).isEqualTo(2);
    assertThat(shell.run("restore", "-i", "/x", "web").code()).isEqualTo(2);
    assertThat(shell.run("restore", "--name", "b", "a").code()).isEqualTo(2);
  }

  @Test
  void doctor_saysWhetherPodsCanMove() {
    shell.host.checks.add(new HostCheck("kernel", HostCheck.Level.OK, "6.18, x86_64", null));
    shell.host.checks.add(
        new HostCheck(
            "soft-dirty", HostCheck.Level.NOTE, "not in this kernel", "use a kernel with it"));
    assertThat(shell.run("doctor").code()).isZero();

    shell.host.checks.add(
        new HostCheck(
            "criu", HostCheck.Level.BLOCKS, "not found", "run ./dev setup\nor install criu"));
    Result result = shell.run("doctor");
    assertThat(result.code()).isEqualTo(1);
    Golden.check("doctor.txt", result.out());
    Result json = shell.run("doctor", "-o", "json");
    assertThat(json.code()).isEqualTo(1);
    Golden.check("doctor.json", json.out());
  }
}
