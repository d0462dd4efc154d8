package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.PodkitException;
import io.podkit.process.CommandResult;
import io.podkit.tests.it.Workload.Fate;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.TestPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every kind of kernel state that CRIU can carry is carried by a pod: the workloads notice
 * themselves if anything is not as they left it.
 */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU})
class WorkloadsIT {

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  /** Workloads that change users, capabilities or roots and so must be root's. */
  private static final Set<String> ROOT_ONLY = Set.of("user", "capabilities", "chroot");

  @Test
  void allKinds_thereAndBackAgain() throws Exception {
    Lab lab = LAB.get();
    List<String> names = names(Workload.of(Fate.MOVES, lab));
    try (TestPod pod =
        together(lab, "workloads", names, "--cap-add", "SYS_ADMIN", "--cap-add", "NET_RAW")) {
      thereAndBackAgain(lab, pod, names);
      expectAllDone(pod, names);
    }
  }

  @Test
  void allKinds_asAnOrdinaryUser() throws Exception {
    Lab lab = LAB.get();
    List<String> names =
        names(
            Workload.of(Fate.MOVES, lab).stream()
                .filter(w -> w.capabilities().isEmpty() && !ROOT_ONLY.contains(w.name()))
                .toList());
    try (TestPod pod = together(lab, "workloads-user", names, "--user", "user")) {
      assertThat(pod.exec("ps", "-o", "user=", "-C", "workload").lines().distinct())
          .containsExactly("user");
      thereAndBackAgain(lab, pod, names);
      expectAllDone(pod, names);
    }
  }

  /** What CRIU cannot carry stops the move before it does harm. */
  @TestFactory
  Stream<DynamicTest> theRest_isRefusedUnharmed() throws Exception {
    Lab lab = LAB.get();
    return Workload.of(Fate.REFUSED, lab).stream()
        .map(workload -> DynamicTest.dynamicTest(workload.name(), () -> refused(lab, workload)));
  }

  private static void refused(Lab lab, Workload workload) throws Exception {
    List<Object> words = new ArrayList<>();
    workload.capabilities().forEach(name -> words.addAll(List.of("--cap-add", name)));
    words.addAll(List.of("--", Workload.PROGRAMS + "workload", workload.name()));
    String image = lab.images().of("base");
    try (TestPod pod =
        TestPod.run(lab.hostA(), "refused-" + workload.name(), image, words.toArray())) {
      pod.awaitLog("ok " + workload.name() + " 2\n");
      CommandResult result = pod.tryMoveTo(lab.hostB());
      assertThat(result.status().shellCode()).as(result.stderr()).isIn(4, 5, 7);
      assertThat(result.stderr()).contains("error: ");
      expectProgress(pod, List.of(workload.name()));
      assertThat(lab.hostB().podNames()).doesNotContain(pod.name());
      assertThat(lab.hostA().podNames()).contains(pod.name());
    }
  }

  /**
   * What CRIU 4.2 does not see is gone after a move, as the README says. Where this fails because a
   * workload is well, CRIU has learnt it: change its fate in tests/workloads and the README.
   */
  @Test
  void someThings_areLost() throws Exception {
    Lab lab = LAB.get();
    List<String> names = names(Workload.of(Fate.LOST, lab));
    try (TestPod pod = together(lab, "workloads-lost", names)) {
      pod.moveTo(lab.hostB());
      pod.signal("USR1");
      assertThat(pod.await()).isEqualTo(names.size());
      assertThat(pod.logs()).contains(names.stream().map(n -> "exit " + n + " 1").toList());
    }
  }

  private static TestPod together(Lab lab, String name, List<String> workloads, Object... options)
      throws Exception {
    List<Object> words = new ArrayList<>(List.of(options));
    // Some of them fork or signal without a pause: the tests need a processor, too.
    words.addAll(List.of("--cpus", "0.7", "--", Workload.PROGRAMS + "together.sh"));
    words.addAll(workloads);
    TestPod pod = TestPod.run(lab.hostA(), name, lab.images().of("base"), words.toArray());
    try {
      pod.awaitLog(
          "a check of every workload", log -> Workload.checks(log).keySet().containsAll(workloads));
    } catch (AssertionError e) {
      pod.close();
      throw e;
    }
    return pod;
  }

  private static void thereAndBackAgain(Lab lab, TestPod pod, List<String> names) throws Exception {
    for (Host target : List.of(lab.hostB(), lab.hostA(), lab.hostB())) {
      pod.moveTo(target);
      expectProgress(pod, names);
    }
  }

  /** Each of them has made checks since now, and none has failed. */
  private static void expectProgress(TestPod pod, List<String> names) throws Exception {
    Map<String, Long> before = Workload.checks(pod.logs());
    String log =
        pod.awaitLog(
            "further checks of every workload",
            now ->
                now.contains("FAIL ")
                    || names.stream().allMatch(name -> grew(name, before, Workload.checks(now))));
    assertThat(log.lines().filter(line -> line.startsWith("FAIL "))).isEmpty();
  }

  private static boolean grew(String name, Map<String, Long> before, Map<String, Long> now) {
    return now.getOrDefault(name, 0L) > before.getOrDefault(name, 0L) + 1;
  }

  private static void expectAllDone(TestPod pod, List<String> names) throws PodkitException {
    pod.signal("USR1");
    assertThat(pod.await()).as("workloads that failed").isZero();
    assertThat(pod.logs()).contains(names.stream().map(name -> "exit " + name + " 0").toList());
  }

  private static List<String> names(List<Workload> workloads) {
    return workloads.stream().map(Workload::name).toList();
  }
}
