package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.TestPod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that podman made, run and moved, are what podman unpacks of them; and the way back. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.PODMAN})
class ImagesIT {
  /** What Podkit puts into every pod, or mounts there. */
  private static final List<String> OURS =
      List.of(".pod", "etc/hostname", "etc/hosts", "etc/resolv.conf", "dev", "proc", "sys");

  private static final String STEPS =
      """
      FROM scratch
      ADD base.tar /
      COPY extra /extra
      RUN rm -rf /usr/share/doc; chmod 4755 /extra/file; ln /extra/file /extra/linked; \\
          mkfifo /extra/fifo; truncate -s 3M /extra/sparse; echo end >>/extra/sparse; \\
          mkdir /extra/gone; touch /extra/gone/old /extra/removed
      RUN rm -r /extra/gone /extra/removed; mkdir /extra/gone; touch /extra/gone/new; \\
          chown 33:44 /extra/gone
      EXPOSE 8080
      STOPSIGNAL SIGQUIT
      CMD ["bash", "-c", "trap 'exit 43' QUIT; echo up; while :; do sleep 0.1; done"]
      """;

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  private static @Nullable Path directory;

  private static Path at(String name) {
    Path known = directory;
    if (known == null) {
      throw new IllegalStateException("podman has made no image");
    }
    return known.resolve(name);
  }

  @BeforeAll
  static void buildWithPodman() throws Exception {
    directory = Files.createTempDirectory("podkit-images");
    Path context = Files.createDirectories(at("context/extra"));
    Files.writeString(context.resolve("file"), "from the context\n");
    Files.writeString(at("context/Containerfile"), STEPS);
    LAB.get().images().of("base");
    Path base = LAB.get().tests().resolve("target/images/base").toRealPath();
    Command.of("tar", "-C", base, "-cf", at("context/base.tar"), ".").runOrThrow("pack the base");
    podman("build", "--isolation", "chroot", "--layers", "-t", "real:v1", at("context"));
    podman("save", "--format", "docker-archive", "-o", at("docker-archive"), "real:v1");
    String saved = "docker-archive:" + at("docker-archive");
    skopeo(saved, "oci:" + at("oci") + ":v1");
    skopeo(saved, "oci-archive:" + at("oci-archive") + ":v1");
  }

  @AfterAll
  static void removePodmansFiles() throws Exception {
    if (directory != null) {
      podman("image", "umount", "--all");
      Command.of("rm", "-rf", directory).runOrThrow("remove podman's files");
    }
  }

  private static String podman(Object... words) throws PodkitException {
    List<Object> all = new ArrayList<>(List.of("--root", at("store"), "--runroot", at("run")));
    all.addAll(List.of("--storage-driver", "vfs"));
    all.addAll(List.of(words));
    return Command.of("podman", all.toArray()).runOrThrow("call podman").stdout();
  }

  private static void skopeo(String from, String to) throws PodkitException {
    Command.of("skopeo", "copy", "--quiet", "--insecure-policy", from, to).runOrThrow("copy");
  }

  private static List<String> tree(String root) throws PodkitException {
    List<Object> words = new ArrayList<>(List.of(LAB.get().tests().resolve("lab/tree.py"), root));
    words.addAll(OURS);
    return Command.of("python3", words.toArray()).runOrThrow("look at " + root).lines();
  }

  private static List<String> podmansTree() throws PodkitException {
    return tree(podman("image", "mount", "real:v1").strip());
  }

  private static List<String> tree(TestPod pod) throws PodkitException {
    return tree("/proc/" + pod.inspect().path("pid").asLong() + "/root/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker-archive", "oci", "oci-archive"})
  void movedThereAndBack_isWhatPodmanUnpacks(String form) throws Exception {
    Lab lab = LAB.get();
    List<String> expected = podmansTree();
    assertThat(expected).anyMatch(line -> line.startsWith("extra/linked "));
    assertThat(expected).noneMatch(line -> line.startsWith("extra/gone/old"));
    lab.hostA().pod("image", "import", "real-" + form, at(form));
    try (TestPod pod = TestPod.run(lab.hostA(), "real", "real-" + form)) {
      pod.awaitLog("up");
      assertThat(tree(pod)).isEqualTo(expected);
      pod.moveTo(lab.hostB());
      assertThat(tree(pod)).isEqualTo(expected);
      pod.moveTo(lab.hostA());
      assertThat(tree(pod)).isEqualTo(expected);
      assertThat(pod.inspect().path("exposedPorts").path(0).asText()).isEqualTo("8080/tcp");
      pod.home().pod("stop", "--time", "30", pod.name());
      assertThat(pod.inspect().path("exitCode").asInt()).isEqualTo(43);
    } finally {
      lab.hostA().pod("image", "rm", "real-" + form);
    }
  }

  @Test
  void exported_isLoadedByPodman_withTheSameTree() throws Exception {
    Host host = LAB.get().hostA();
    host.pod("image", "import", "real-again:v2", at("docker-archive"));
    try {
      for (String form : List.of("oci", "docker-archive")) {
        Path file = at("exported-" + form);
        host.pod("image", "export", "--format", form, "real-again:v2", file);
        podman("load", "-q", "-i", file);
        String loaded = podman("image", "mount", "localhost/real-again:v2").strip();
        assertThat(tree(loaded)).isEqualTo(podmansTree());
        String signal = podman("inspect", "--format", "{{.Config.StopSignal}}", "real-again:v2");
        assertThat(signal.strip()).isEqualTo("SIGQUIT");
        podman("rmi", "-f", "localhost/real-again:v2");
      }
    } finally {
      host.pod("image", "rm", "real-again:v2");
    }
  }

  @Test
  void committed_whileItRuns_isWhatThePodWas() throws Exception {
    Host host = LAB.get().hostA();
    host.pod("image", "import", "real-base", at("oci"));
    String script =
        "rm -r /extra/gone; mkdir /extra/gone; echo mine >/extra/gone/mine; rm /extra/file;"
            + " chmod 700 /extra; echo up; while :; do date +%N >/tmp/next; mv /tmp/next /tmp/now; done";
    try (TestPod pod = TestPod.run(host, "worker", "real-base", "--", "bash", "-c", script)) {
      pod.awaitLog("up");
      JsonNode made = host.podJson("commit", "-m", "a note", pod.name(), "real-committed");
      assertThat(made.path("images").path(0).path("stopSignal").asText()).isEqualTo("SIGQUIT");
      // It goes on.
      String then = pod.exec("cat", "/tmp/now");
      assertThat(pod.exec("bash", "-c", "sleep 0.3; cat /tmp/now")).isNotEqualTo(then);
      List<String> of = withoutClock(tree(pod));
      try (TestPod copy = TestPod.run(host, "copy", "real-committed", "--", "sleep", "60")) {
        assertThat(withoutClock(tree(copy))).isEqualTo(of);
        assertThat(of).anyMatch(line -> line.startsWith("extra/gone/mine"));
        assertThat(of).noneMatch(line -> line.startsWith("extra/gone/new"));
      }
    } finally {
      host.tryPod("image", "rm", "real-committed");
      host.pod("image", "rm", "real-base");
    }
  }

  private static List<String> withoutClock(List<String> tree) {
    return tree.stream().filter(line -> !line.startsWith("tmp")).toList();
  }

  @Test
  void committedPod_whoseRootIsNobody_hasThePodsOwners() throws Exception {
    Host host = LAB.get().hostA();
    host.pod("image", "import", "real-base", at("oci"));
    String script = "echo x >/mine; chown 33:33 /mine; echo up; sleep 60";
    try (TestPod pod =
        TestPod.run(host, "shifted", "real-base", "--cap-add", "ALL", "--", "bash", "-c", script)) {
      pod.awaitLog("up");
      host.pod("commit", pod.name(), "real-committed");
      try (TestPod copy = TestPod.run(host, "copy", "real-committed", "--", "sleep", "60")) {
        assertThat(copy.exec("stat", "-c", "%u:%g", "/mine").strip()).isEqualTo("33:33");
        assertThat(copy.exec("stat", "-c", "%u:%g", "/etc").strip()).isEqualTo("0:0");
      }
    } finally {
      host.tryPod("image", "rm", "real-committed");
      host.pod("image", "rm", "real-base");
    }
  }
}
