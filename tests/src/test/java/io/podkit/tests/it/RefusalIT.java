package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podkit.process.CommandResult;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.SteadyClient;
import io.podkit.tests.lab.TestPod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A move that cannot be is refused with a reason, and the pod and its client notice nothing. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
class RefusalIT {

  private static final String ADDRESS = "10.77.1.60";

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @Test
  void nameInUse() throws Exception {
    Lab lab = LAB.get();
    String image = lab.imagesOn(lab.hostB()).of("python");
    try (TestPod pod = server(lab, "twin");
        TestPod twin = TestPod.run(lab.hostB(), "twin", image, "--", "sleep", "infinity")) {
      expectRefused(lab, pod, lab.hostB().address(), "twin");
      assertThat(twin.inspect().path("state").asText()).isEqualTo("running");
    }
  }

  /** The other pod does not run: two that do would already be in each other's way. */
  @Test
  void addressInUse() throws Exception {
    Lab lab = LAB.get();
    String image = lab.imagesOn(lab.hostB()).of("python");
    try (TestPod pod = server(lab, "first");
        TestPod thief =
            TestPod.create(lab.hostB(), "thief", image, "--ip", ADDRESS, "--", "sleep", "1")) {
      expectRefused(lab, pod, lab.hostB().address(), ADDRESS);
      assertThat(thief.inspect().path("state").asText()).isEqualTo("created");
    }
  }

  @Test
  void nobodyThere() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod = server(lab, "lonely")) {
      expectRefused(lab, pod, "10.77.0.99", "10.77.0.99");
    }
  }

  @Test
  void noAgentThere() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod = server(lab, "unheard")) {
      expectRefused(lab, pod, lab.hostB().address() + ":7999", "7999");
    }
  }

  @Test
  void volumeThatIsNotThere(@TempDir Path directory) throws Exception {
    Lab lab = LAB.get();
    Files.writeString(directory.resolve("data"), "only on this host");
    Path gone = directory.resolve("gone");
    Files.createDirectory(gone);
    try (TestPod pod = server(lab, "voluminous", "--volume", gone + ":/data")) {
      Files.move(gone, directory.resolve("moved"));
      CommandResult result = pod.home().tryPod("migrate", pod.name(), lab.hostB().address());
      // whether volumes travel or not: the pod must run somewhere, and only there
      String home = result.success() ? "hostB" : "hostA";
      assertThat(lab.host(home).podNames()).contains(pod.name());
      if (result.success()) {
        lab.hostB().pod("rm", "-f", pod.name());
        lab.hostA().tryPod("rm", "-f", pod.name());
      }
    }
  }

  @Test
  void dryRunChangesNothing() throws Exception {
    Lab lab = LAB.get();
    try (TestPod pod = server(lab, "rehearsal")) {
      JsonNode report =
          pod.home().podJson("migrate", pod.name(), lab.hostB().address(), "--dry-run");
      assertThat(report.path("dryRun").asBoolean()).isTrue();
      assertThat(lab.hostB().podNames()).doesNotContain(pod.name());
      assertThat(pod.inspect().path("state").asText()).isEqualTo("running");
    }
  }

  @Test
  void unknownPod() throws Exception {
    Lab lab = LAB.get();
    CommandResult result = lab.hostA().tryPod("migrate", "nobody", lab.hostB().address());
    assertThat(result.status().shellCode()).isEqualTo(3);
    assertThat(result.stderr()).contains("error: ").contains("nobody");
  }

  private static TestPod server(Lab lab, String name, Object... options) throws Exception {
    List<Object> words = new java.util.ArrayList<>(List.of("--ip", ADDRESS));
    words.addAll(List.of(options));
    words.addAll(List.of("--", "python3", Workload.PROGRAMS + "sum_server.py"));
    TestPod pod = TestPod.run(lab.hostA(), name, lab.images().of("python"), words.toArray());
    pod.awaitLog("ready");
    return pod;
  }

  private static void expectRefused(Lab lab, TestPod pod, String target, String reason)
      throws Exception {
    try (SteadyClient client = SteadyClient.connect(lab, "sum", ADDRESS, 7070, 100, 2)) {
      CommandResult result = pod.home().tryPod("migrate", pod.name(), target);
      assertThat(result.status().shellCode()).as(result.stderr()).isIn(3, 4, 5, 6, 9);
      assertThat(result.stderr()).contains("error: ").contains(reason).doesNotContain("Exception");
      client.expectProgress();
      client.expectUnharmed();
    }
    assertThat(pod.inspect().path("state").asText()).isEqualTo("running");
  }
}
