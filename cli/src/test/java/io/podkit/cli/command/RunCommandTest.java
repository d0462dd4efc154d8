package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.cli.fake.Samples;
import io.podkit.core.api.ExecSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.TerminalSize;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunCommandTest {
  private final PodShell shell = new PodShell();

  @Test
  void run_foregroundPassesStreamsAndStatus() {
    shell.pods.attachment.output = "hello\n";
    shell.pods.attachment.errors = "oh\n";
    shell.pods.attachment.status = 3;

    Result result = shell.run("run", "--name", "web", "--image", "nginx", "--", "echo", "hello");

    assertThat(result).isEqualTo(new Result(3, "hello\n", "oh\n"));
    assertThat(shell.pods.calls)
        .containsExactly(
            "create web",
            "attend web",
            "start web",
            "attach web true",
            "settle web",
            "unattend web");
    assertThat(shell.pods.specs.get(0).command()).containsExactly("echo", "hello");
  }

  @Test
  void run_ofAPodThatMovesAwaySettlesNothing() {
    shell.pods.attachment.script =
        self -> {
          throw PodkitException.of(ErrorKind.MOVED, "pod web was moved");
        };

    assertThat(shell.run("run", "--name", "web", "--image", "nginx").err()).contains("was moved");
    assertThat(shell.pods.calls).doesNotContain("settle web").last().isEqualTo("unattend web");
  }

  @Test
  void run_detachedPrintsTheId() {
    Result result = shell.run("run", "-d", "--name", "web", "--image", "nginx");

    assertThat(result).isEqualTo(new Result(0, "0123456789ab\n", ""));
    assertThat(shell.pods.calls).containsExactly("create web", "start web");
    assertThat(shell.pods.specs.get(0).command()).isEmpty();
  }

  @Test
  void run_detachedJsonIsGolden() {
    Result result =
        shell.run("run", "-d", "-o", "json", "--name", "web", "--image", "nginx", "-m", "1g");
    Golden.check("run.json", result.out());
  }

  @Test
  void run_jsonInTheForegroundIsRefused() {
    Result result = shell.run("run", "-o", "json", "--name", "web", "--image", "nginx");

    assertThat(result.code()).isEqualTo(125);
    assertThat(result.err()).startsWith("error: -o json needs --detach");
    assertThat(shell.pods.calls).isEmpty();
  }

  @Test
  void run_commandNeedsNoDashesAndKeepsItsOptions() {
    shell.run("run", "--name", "web", "--image", "nginx", "ls", "-l", "--", "@x", "--name");

    assertThat(shell.pods.specs.get(0).command()).containsExactly("ls", "-l", "--", "@x", "--name");
  }

  @Test
  void run_clusteredFlags() {
    shell.terminal.present = true;
    shell.run("run", "-it", "--rm", "--name", "web", "--image", "nginx");

    assertThat(shell.pods.specs.get(0).interactive()).isTrue();
    assertThat(shell.pods.specs.get(0).tty()).isTrue();
    assertThat(shell.pods.specs.get(0).autoRemove()).isTrue();
    assertThat(shell.terminal.calls).containsExactly("raw", "restored");
    assertThat(shell.pods.calls).endsWith("settle web", "unattend web");
  }

  @Test
  void run_ofACommandThatEndedAtOnceShowsWhatItPrinted() {
    shell.pods.failures.put("attach", PodkitException.conflict("pod web is not running"));
    shell.pods.files.content.put("/.pod/stdout", "quick\n");
    shell.pods.exitCode = 9;

    Result result = shell.run("run", "--name", "web", "--image", "nginx", "true");

    assertThat(result).isEqualTo(new Result(9, "quick\n", ""));
  }

  @ParameterizedTest
  @CsvSource({"COMMAND_NOT_FOUND, 127", "COMMAND_NOT_EXECUTABLE, 126", "IO, 125"})
  void run_thatCannotStartLeavesNothing(ErrorKind kind, int code) {
    shell.pods.failures.put("start", PodkitException.of(kind, "cannot start pod web"));

    Result result = shell.run("run", "--name", "web", "--image", "nginx", "nope");

    assertThat(result).isEqualTo(new Result(code, "", "error: cannot start pod web\n"));
    assertThat(shell.pods.calls).endsWith("remove web false PT0S", "unattend web");
    assertThat(shell.pods.pods).isEmpty();
  }

  @Test
  void run_wrongOptionValueIs125() {
    Result result = shell.run("run", "--name", "no good", "--image", "nginx");

    assertThat(result.code()).isEqualTo(125);
    assertThat(result.err()).startsWith("error: --name: 'no good' is not a pod name");
  }

  @Test
  void create_printsTheIdAndStartsNothing() {
    Result result = shell.run("create", "--name", "web", "--image", "nginx", "-e", "A=1");

    assertThat(result).isEqualTo(new Result(0, "0123456789ab\n", ""));
    assertThat(shell.pods.calls).containsExactly("create web");
    assertThat(shell.pods.specs.get(0).env()).isEqualTo(Map.of("A", "1"));
  }

  @Test
  void create_conflictIs125() {
    shell.pods.failures.put("create", PodkitException.conflict("there is a pod web"));
    assertThat(shell.run("create", "--name", "web", "--image", "nginx").code()).isEqualTo(125);
  }

  @Test
  void start_continuesAfterAFailureAndReportsTheFirst() {
    shell.pods.add(Samples.pod("b", PodState.CREATED));

    Result result = shell.run("start", "a", "b");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out()).isEqualTo("b\n");
    assertThat(result.err())
        .isEqualTo("error: no pod named a\nhint:  pod ps -a lists the pods of this host\n");
  }

  @Test
  void start_attachFollowsOnePod() {
    shell.pods.add(Samples.pod("a", PodState.EXITED));
    shell.pods.attachment.status = 4;

    assertThat(shell.run("start", "-a", "a").code()).isEqualTo(4);
    assertThat(shell.pods.calls)
        .containsExactly("attend a", "start a", "attach a false", "settle a", "unattend a");
    assertThat(shell.run("start", "-a", "a", "b").code()).isEqualTo(2);
  }

  @Test
  void attach_feedsInputOnlyIfThePodReadsIt() {
    shell.input = "typed";
    shell.pods.add(Samples.running("a"));
    assertThat(shell.run("attach", "a").code()).isZero();
    assertThat(shell.pods.attachment.calls).containsExactly("relay", "close");

    shell.pods.attachment.calls.clear();
    shell.pods.add(
        Samples.pod(Samples.spec("a").toBuilder().interactive(true).build(), PodState.RUNNING));
    shell.run("attach", "a");
    assertThat(shell.pods.attachment.calls).containsExactly("relay", "input typed", "close");

    shell.pods.attachment.calls.clear();
    shell.run("attach", "--no-stdin", "a");
    assertThat(shell.pods.attachment.calls).containsExactly("relay", "close");
  }

  @Test
  void attach_toAnEndedPodIsRefused() {
    shell.pods.add(Samples.pod("a", PodState.EXITED));
    Result result = shell.run("attach", "a");

    assertThat(result.code()).isEqualTo(125);
    assertThat(result.err())
        .isEqualTo("error: pod a does not run\nhint:  'pod logs a' shows what it printed\n");
  }

  @Test
  void attach_saysThatThePodMoved() {
    shell.pods.add(Samples.running("a"));
    shell.pods.attachment.script =
        self -> {
          throw PodkitException.of(ErrorKind.MOVED, "pod a moved to hostb");
        };
    assertThat(shell.run("attach", "a"))
        .isEqualTo(new Result(125, "", "error: pod a moved to hostb\n"));
  }

  @Test
  void exec_takesAllItsOptions() {
    shell.environment.put("OURS", "1");
    shell.terminal.present = true;
    shell.pods.attachment.status = 7;

    Result result =
        shell.run(
            "exec", "-it", "-e", "OURS", "-e", "B=2", "-u", "root", "-w", "/srv", "web", "--", "sh",
            "-c", "exit 7");

    assertThat(result.code()).isEqualTo(7);
    assertThat(shell.pods.execs)
        .containsExactly(
            new ExecSpec(
                List.of("sh", "-c", "exit 7"),
                Map.of("OURS", "1", "B", "2"),
                "root",
                "/srv",
                new TerminalSize(40, 120),
                true));
    assertThat(shell.terminal.calls).containsExactly("raw", "restored");
  }

  @Test
  void exec_onlyTheFirstDashesAreOurs() {
    shell.run("exec", "web", "--", "--", "x");
    shell.run("exec", "web", "grep", "--", "-x");

    assertThat(shell.pods.execs.get(0).command()).containsExactly("--", "x");
    assertThat(shell.pods.execs.get(1).command()).containsExactly("grep", "--", "-x");
  }

  @Test
  void exec_dashesAloneAreNoCommand() {
    assertThat(shell.run("exec", "web", "--"))
        .isEqualTo(new Result(125, "", "error: exec needs a command\n"));
  }

  @ParameterizedTest
  @CsvSource({"COMMAND_NOT_FOUND, 127", "COMMAND_NOT_EXECUTABLE, 126", "NOT_FOUND, 125"})
  void exec_failuresHaveTheirCodes(ErrorKind kind, int code) {
    shell.pods.failures.put("exec", PodkitException.of(kind, "no"));
    assertThat(shell.run("exec", "web", "x").code()).isEqualTo(code);
  }

  @Test
  void wait_printsAndReturnsTheStatus() {
    shell.pods.add(Samples.running("web"));
    shell.pods.exitCode = 143;

    assertThat(shell.run("wait", "web")).isEqualTo(new Result(143, "143\n", ""));
    Result json = shell.run("wait", "-o", "json", "web");
    assertThat(json.code()).isZero();
    Golden.check("wait.json", json.out());
    assertThat(shell.run("wait", "nope").code()).isEqualTo(125);
  }
}
