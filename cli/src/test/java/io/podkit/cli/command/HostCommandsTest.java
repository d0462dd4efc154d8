package io.podkit.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.fake.Golden;
import io.podkit.cli.fake.PodShell;
import io.podkit.cli.fake.PodShell.Result;
import io.podkit.migrate.api.AwayPod;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationOrder.Purpose;
import io.podkit.migrate.api.EvacuationOrder.Sequence;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.EvacuationStatus.State;
import io.podkit.migrate.api.HostPod;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.PodMove;
import io.podkit.migrate.api.PodMove.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code pod host} commands, and {@code pod ps --all-hosts}. */
class HostCommandsTest {
  private static final KnownHost A = new KnownHost("hosta", "192.0.2.1", 7617);
  private static final KnownHost B = new KnownHost("hostb", "192.0.2.2", 7617);
  private static final KnownHost C = new KnownHost("hostc", "192.0.2.3", 99);

  private final PodShell shell = new PodShell();

  @BeforeEach
  void knowHosts() {
    List.of(A, B, C).forEach(host -> shell.migrations.hosts.known.put(host.name(), host));
    shell.migrations.hosts.says.put("hosta", status("hosta", true, new AwayPod("away", B)));
    shell.migrations.hosts.says.put("hostb", status("hostb", false));
    shell.migrations.evacuations.states.add(
        new EvacuationStatus("", "hosta", Purpose.EVACUATE, State.PLANNED, "", 0, List.of()));
  }

  private static HostStatus status(String name, boolean cordoned, AwayPod... away) {
    return new HostStatus(
        name,
        "6.18.0",
        "amd64",
        "4.2.1",
        Set.of("sse2", "avx"),
        4,
        0.25,
        8L << 30,
        6L << 30,
        100L << 30,
        50L << 30,
        List.of("sha256:" + "ab".repeat(32)),
        Map.of("chassis", "c1", "rack", "r7"),
        cordoned,
        List.of(
            pod("web-" + name, true, "running"),
            pod("old-" + name, false, "exited"),
            pod("away", name.equals("hostb"), "running")),
        List.of(away));
  }

  private static HostPod pod(String name, boolean running, String state) {
    return new HostPod(
        name,
        "0123456789ab",
        state,
        running,
        "nginx",
        "10.88.0.2",
        64L << 20,
        0.5,
        Map.of("a", "b"));
  }

  private static EvacuationStatus evacuation(State state, PodMove... pods) {
    return new EvacuationStatus(
        "e1", "hosta", Purpose.EVACUATE, state, "2026-11-22T12:00:00Z", 1234.5, List.of(pods));
  }

  private static PodMove moved(String pod, String target) {
    return PodMove.planned(pod, target, "has all of its layers", List.of("hostc: is cordoned"))
        .begun(target)
        .afterRound(2)
        .timed(112.25, 1900)
        .at(Step.MOVED, "has all of its layers", "");
  }

  private static PodMove left() {
    return PodMove.left("db", "io_uring is open", "close it", List.of("hostb: is full"));
  }

  @Test
  void ls() {
    Golden.check("host-ls.txt", shell.run("host", "ls").out());
    Golden.check("host-ls.json", shell.run("host", "ls", "-o", "json").out());
    assertThat(shell.run("host", "ls", "-q").out()).isEqualTo("hosta\nhostb\nhostc\n");
  }

  @Test
  void add_asksTheHostFirst() {
    shell.migrations.hosts.known.clear();
    assertThat(shell.run("host", "add", "hostb", "192.0.2.2").code()).isZero();
    assertThat(shell.migrations.hosts.known.values()).containsExactly(B);
    assertThat(shell.run("host", "add", "hostc", "192.0.2.3:99").code()).isEqualTo(6);
    assertThat(shell.migrations.hosts.known.values()).containsExactly(B);
    assertThat(shell.run("host", "add", "--no-check", "hostc", "192.0.2.3:99").out())
        .isEqualTo("hostc\n");
    assertThat(shell.migrations.hosts.known.values()).containsExactly(B, C);
  }

  @Test
  void add_labels() {
    shell.run("host", "add", "hostb", "192.0.2.2", "-l", "chassis=c2");
    assertThat(shell.migrations.hosts.calls)
        .containsExactly(
            "mark hostb HostMarks[cordon=KEEP, set={chassis=c2}, unset=[], forget=[]]");
    Result result = shell.run("host", "add", "hostb", "-l", "no good=c2");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("'no good=c2' is no label");
    assertThat(shell.run("host", "add", "--no-check", "hostb", "-l", "a=b").code()).isEqualTo(2);
  }

  @Test
  void inspectAndRm() {
    Golden.check("host-inspect.json", shell.run("host", "inspect", "hosta").out());
    assertThat(shell.run("host", "inspect", "hostc").code()).isEqualTo(6);
    assertThat(shell.run("host", "rm", "hostc").out()).isEqualTo("hostc\n");
    assertThat(shell.run("host", "rm", "hostc").code()).isEqualTo(3);
  }

  @Test
  void marks() {
    assertThat(shell.run("host", "label", "hostb", "rack=r8", "chassis-").code()).isZero();
    assertThat(shell.run("host", "cordon", "hostb").code()).isZero();
    assertThat(shell.run("host", "uncordon", "hostb").code()).isZero();
    assertThat(shell.run("host", "label", "hostb", "nonsense").code()).isEqualTo(2);
    assertThat(shell.migrations.hosts.calls)
        .containsExactly(
            "mark hostb HostMarks[cordon=KEEP, set={rack=r8}, unset=[chassis], forget=[]]",
            "mark hostb HostMarks[cordon=ON, set={}, unset=[], forget=[]]",
            "mark hostb HostMarks[cordon=OFF, set={}, unset=[], forget=[]]");
  }

  @Test
  void ps_ofAllHosts() {
    Result result = shell.run("ps", "--all-hosts");
    assertThat(result.code()).as("hostc does not answer").isEqualTo(6);
    assertThat(result.err()).contains("host hostc is not listed: cannot connect to 192.0.2.3");
    Golden.check("ps-all-hosts.txt", result.out());
    Golden.check("ps-all-hosts.json", shell.run("ps", "-a", "--all-hosts", "-o", "json").out());
    assertThat(shell.run("ps", "--all-hosts", "-q").out())
        .isEqualTo("hosta/web-hosta\nhostb/web-hostb\nhostb/away\n");
  }

  @Test
  void evacuate_plan() {
    EvacuationStatus plan =
        evacuation(
            State.PLANNED,
            PodMove.planned("web", "hostb", "has all of its layers", List.of()),
            left(),
            PodMove.stays("old", "it does not run"));
    shell.migrations.evacuations.answers.addAll(List.of(plan, plan));
    Result result = shell.run("host", "evacuate", "--dry-run", "hosta");
    assertThat(result.code()).as("a pod would be left").isEqualTo(12);
    Golden.check("host-evacuate-plan.txt", result.out());
    Golden.check(
        "host-evacuate-plan.json",
        shell.run("host", "evacuate", "--dry-run", "-o", "json", "hosta").out());
    assertThat(shell.migrations.evacuations.calls).containsExactly("plan hosta", "plan hosta");
  }

  @Test
  void evacuate_asksNobodyWithoutATerminal() {
    shell.migrations.evacuations.answers.add(
        evacuation(State.PLANNED, PodMove.planned("web", "hostb", "why", List.of())));
    Result result = shell.run("host", "evacuate", "hosta");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("nobody can be asked", "--yes");
    assertThat(shell.migrations.evacuations.calls).containsExactly("plan hosta");
  }

  @Test
  void evacuate_watchesToTheEnd() {
    PodMove moving = PodMove.planned("web", "hostb", "why", List.of()).begun("hostb");
    shell.migrations.evacuations.answers.add(evacuation(State.PLANNED, moving));
    shell.migrations.evacuations.answers.add(evacuation(State.RUNNING, moving));
    shell.migrations.evacuations.states.add(evacuation(State.RUNNING, moving));
    shell.migrations.evacuations.states.add(evacuation(State.DONE, moved("web", "hostb")));
    Result result =
        shell.run(
            ("host evacuate hosta --yes --to hostb,hostc --deadline 5m --max-parallel 3"
                    + " --selector tier=web --order smallest")
                .split(" "));
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("pod web runs on hostb, stood still for 112 ms");
    Golden.check("host-evacuate.txt", result.out());
    assertThat(shell.migrations.evacuations.orders.get(1))
        .isEqualTo(
            new EvacuationOrder(
                Purpose.EVACUATE,
                List.of(B, C),
                List.of(),
                Map.of("tier", "web"),
                3,
                Duration.ofMinutes(5),
                Sequence.SMALLEST,
                false));
  }

  @ParameterizedTest
  @CsvSource({"LEFT, 12", "CANCELLED, 8", "TIMED_OUT, 9"})
  void evacuate_saysWhatIsLeft(State state, int code) {
    shell.migrations.evacuations.answers.add(evacuation(State.PLANNED));
    shell.migrations.evacuations.answers.add(evacuation(state, moved("web", "hostb"), left()));
    Result result = shell.run("host", "evacuate", "-y", "-o", "json", "hosta");
    assertThat(result.code()).isEqualTo(code);
    if (state == State.LEFT) {
      Golden.check("host-evacuate.json", result.out());
    }
  }

  @Test
  void evacuate_anEmptyHostIsDone() {
    shell.migrations.evacuations.answers.add(evacuation(State.PLANNED));
    shell.migrations.evacuations.answers.add(evacuation(State.DONE));
    assertThat(shell.run("host", "evacuate", "hosta").code()).isZero();
  }

  @Test
  void evacuate_attachesToOneThatRuns() {
    shell.migrations.evacuations.states.clear();
    shell.migrations.evacuations.states.add(evacuation(State.RUNNING));
    shell.migrations.evacuations.states.add(evacuation(State.DONE));
    shell.migrations.evacuations.answers.add(evacuation(State.RUNNING));
    assertThat(shell.run("host", "evacuate", "hosta").code()).isZero();
    assertThat(shell.migrations.evacuations.calls).containsExactly("order hosta");
  }

  @Test
  void evacuate_cancel() {
    shell.migrations.evacuations.answers.add(evacuation(State.RUNNING));
    shell.migrations.evacuations.states.add(evacuation(State.CANCELLED));
    assertThat(shell.run("host", "evacuate", "hosta", "--cancel").code()).isZero();
    assertThat(shell.migrations.evacuations.calls).containsExactly("cancel hosta");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--to hosta | is the host that is to be empty",
        "--max-parallel 0 | at least one pod",
        "--max-parallel 65 | 1 to 64 pods",
        "--deadline soon | is not a time span",
        "--order fast | is none of urgent, smallest, largest, name"
      })
  void evacuate_refuses(String options, String why) {
    Result result = shell.run(("host evacuate hosta " + options).split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(why);
    assertThat(shell.migrations.evacuations.calls).isEmpty();
  }

  @Test
  void uncordon_bringsBack() {
    shell.migrations.evacuations.answers.add(evacuation(State.RUNNING));
    shell.migrations.evacuations.states.clear();
    shell.migrations.evacuations.states.add(evacuation(State.DONE, moved("away", "hosta")));
    Result result = shell.run("host", "uncordon", "hosta", "--bring-back", "-o", "json");
    assertThat(result.code()).isZero();
    Golden.check("host-uncordon.json", result.out());
    EvacuationOrder order = shell.migrations.evacuations.orders.get(0);
    assertThat(shell.migrations.evacuations.calls).containsExactly("order hostb");
    assertThat(order.purpose()).isEqualTo(Purpose.BRING_BACK);
    assertThat(order.targets()).containsExactly(A);
    assertThat(order.pods()).containsExactly("away");
  }

  @Test
  void uncordon_namesWhatWasMovedOn() {
    shell.migrations.hosts.says.put("hosta", status("hosta", true, new AwayPod("web-hostc", B)));
    shell.migrations.hosts.says.put("hostc", status("hostc", false));
    Result result = shell.run("host", "uncordon", "hosta", "--bring-back");
    assertThat(result.code()).isEqualTo(12);
    assertThat(result.err()).contains("pod web-hostc was moved on to hostc");
  }

  @Test
  void uncordon_forgetsWhatIsGone() {
    shell.migrations.hosts.says.put("hosta", status("hosta", true, new AwayPod("gone", B)));
    Result result = shell.run("host", "uncordon", "hosta", "--bring-back");
    assertThat(result.code()).isZero();
    assertThat(result.err()).contains("pod gone is not where it was taken");
    assertThat(shell.migrations.hosts.calls)
        .contains("mark hosta HostMarks[cordon=KEEP, set={}, unset=[], forget=[gone]]");
    assertThat(shell.migrations.evacuations.calls).isEmpty();
  }

  @Test
  void uncordon_saysWhichHostDoesNotAnswer() {
    shell.migrations.hosts.says.put("hosta", status("hosta", true, new AwayPod("away", C)));
    Result result = shell.run("host", "uncordon", "hosta", "--bring-back");
    assertThat(result.code()).isEqualTo(6);
    assertThat(result.err()).contains("cannot connect to 192.0.2.3");
  }

  @Test
  void runEvacuation_works() {
    assertThat(shell.run("host", "run-evacuation").code()).isZero();
    assertThat(shell.migrations.evacuations.calls).containsExactly("work");
  }
}
