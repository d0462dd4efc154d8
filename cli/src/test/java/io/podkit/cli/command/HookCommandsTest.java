package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.core.api.HostCheck;
import org.junit.jupiter.api.Test;

/** The {@code pod hook} commands. */
class HookCommandsTest {
  private static final String STANDARD = "/usr/share/containers/oci/hooks.d";

  private final PodShell shell = new PodShell();

  @Test
  void install_goesWherePodmanLooks() {
    assertThat(shell.run("hook", "install"))
        .isEqualTo(new Result(0, STANDARD + "/podkit.json\n", ""));
    assertThat(shell.host.hook.calls).containsExactly("install " + STANDARD + " []");
  }

  @Test
  void install_takesAnnotationsAndADirectory() {
    Result result =
        shell.run(
            "hook",
            "install",
            "--hooks-dir",
            "/h/x/..",
            "--annotation",
            "a=b=c",
            "--annotation",
            "move",
            "-o",
            "json");
    assertThat(result.code()).isZero();
    assertThat(shell.host.hook.calls).containsExactly("install /h [a=b=c, move]");
    Golden.check("hook-install.json", result.out());
    assertThat(shell.run("hook", "install", "--annotation", "=b").code()).isEqualTo(2);
  }

  @Test
  void status_failsUntilItWorks() {
    shell.host.hook.checks.add(
        new HostCheck("file", HostCheck.Level.BLOCKS, "not there", "pod hook install"));
    Result missing = shell.run("hook", "status");
    assertThat(missing.code()).isEqualTo(1);
    Golden.check("hook-status-missing.txt", missing.out());

    shell.host.hook.checks.clear();
    shell.host.hook.checks.add(new HostCheck("file", HostCheck.Level.OK, "installed", null));
    shell.run("hook", "install", "--annotation", "io.podkit=yes");
    Result there = shell.run("hook", "status");
    assertThat(there.code()).isZero();
    Golden.check("hook-status.txt", there.out());
  }

  @Test
  void uninstall_saysWhatIsGone() {
    assertThat(shell.run("hook", "uninstall", "--hooks-dir", "/h"))
        .isEqualTo(new Result(0, "/h/podkit.json\n", ""));
    assertThat(shell.host.hook.calls).containsExactly("uninstall /h");
  }
}
