package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.criu.CriuBinary;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.SteadyClient;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A container of one host's podman that becomes one of another host's, under a client's eyes. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.PODMAN})
class ContainerToPodmanIT {
  private static final String IMAGE = "localhost/moved:v1";
  private static final String NAME = "cache";
  private static final int PORT = 6379;

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  private static @Nullable Path directory;

  private static Path at(Host host, String name) {
    Path known = directory;
    if (known == null) {
      throw new IllegalStateException("nothing was prepared");
    }
    return known.resolve(host.name()).resolve(name);
  }

  private static List<Host> hosts() {
    return List.of(here(), there());
  }

  private static Host here() {
    return LAB.get().hostA();
  }

  private static Host there() {
    return LAB.get().hostB();
  }

  @BeforeAll
  static void giveEachHostAPodman() throws Exception {
    directory = Files.createTempDirectory("pk"); // podman takes 50 characters
    LAB.get().images().of("redis");
    Path built = LAB.get().tests().resolve("target/images");
    Path image = directory.resolve("image.tar");
    Path root = Files.createDirectory(directory.resolve("root"));
    Command.of("cp", "-a", built.resolve("base") + "/.", built.resolve("redis") + "/.", root)
        .runOrThrow("lay the image together");
    Command.of("tar", "-cf", image, "-C", root, ".").runOrThrow("pack an image");
    for (Host host : hosts()) {
      Files.createDirectories(at(host, "cni"));
      Files.writeString(at(host, "cni").resolve("pods.conflist"), network(host));
      Map<String, Object> settings = Map.of("command", command(host));
      Files.write(
          host.root().resolve("podman.json"), new ObjectMapper().writeValueAsBytes(settings));
      podman(host, "import", image, IMAGE);
    }
  }

  /** The segment of pods, whose bridge the lab has made. */
  private static String network(Host host) {
    return """
    {"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "bridge", "bridge": "pod0",
     "ipam": {"type": "host-local", "dataDir": "%s", "routes": [{"dst": "0.0.0.0/0"}],
      "ranges": [[{"subnet": "10.77.0.0/16", "rangeStart": "10.77.210.10",
       "rangeEnd": "10.77.210.99", "gateway": "%s"}]]}}]}
    """
        .formatted(at(host, "ipam"), host.address());
  }

  private static List<String> command(Host host) {
    List<Object> words = new ArrayList<>(List.of("podman", "--root", at(host, "store")));
    words.addAll(List.of("--runroot", at(host, "rr"), "--tmpdir", at(host, "tmp")));
    words.addAll(List.of("--cgroup-manager", "cgroupfs", "--runtime", "runc"));
    words.addAll(List.of("--hooks-dir", at(host, "hooks.d")));
    words.addAll(List.of("--network-backend", "cni", "--network-config-dir", at(host, "cni")));
    return words.stream().map(Object::toString).toList();
  }

  private static String podman(Host host, Object... words) throws PodkitException {
    List<Object> all = new ArrayList<>(command(host));
    all.addAll(List.of(words));
    return host.exec(all.toArray())
        .env("PATH", CriuBinary.find().criu().getParent() + ":" + System.getenv("PATH"))
        .timeout(Duration.ofMinutes(3))
        .runOrThrow("call podman on " + host)
        .stdout()
        .strip();
  }

  @AfterAll
  static void removePodmansFiles() throws Exception {
    for (Host host : directory == null ? List.<Host>of() : hosts()) {
      podman(host, "rm", "--all", "--force", "--time", "0");
      Files.deleteIfExists(host.root().resolve("podman.json"));
      Command.of("sh", "-c", "umount \"$0/store/overlay\"; rm -rf \"$0\"", at(host, ""))
          .runOrThrow("remove podman's files");
      Command.of("sh", "-c", "umount \"$0\"/* 2>/dev/null; rm -rf \"$0\"", networks(host))
          .runOrThrow("remove networks of containers that are gone");
    }
    if (directory != null) {
      Command.of("rm", "-rf", directory).runOrThrow("remove podman's files");
    }
  }

  @BeforeEach
  void install() throws Exception {
    for (Host host : hosts()) {
      host.pod("hook", "install", "--hooks-dir", at(host, "hooks.d"));
    }
  }

  @AfterEach
  void removeContainers() throws Exception {
    for (Host host : hosts()) {
      podman(host, "rm", "--all", "--force", "--time", "0");
      host.pod("hook", "uninstall", "--hooks-dir", at(host, "hooks.d"));
    }
  }

  private static Path networks(Host host) {
    return host.run().resolve("netns");
  }

  /** Returns its address. */
  private static String start(String... options) throws PodkitException {
    List<Object> words = new ArrayList<>(List.of("run", "-d", "--name", NAME));
    words.addAll(List.of("--network", "pods", "--ulimit", "nofile=1024:1024"));
    words.addAll(List.of("--ulimit", "nproc=1024:1024"));
    words.addAll(List.of(options));
    words.addAll(List.of(IMAGE, "redis-server", "--save", "", "--protected-mode", "no"));
    podman(here(), words.toArray());
    return podman(
        here(), "inspect", "--format", "{{.NetworkSettings.Networks.pods.IPAddress}}", NAME);
  }

  /** Of a Redis that may have been started just now. */
  private static SteadyClient client(String address) throws Exception {
    SteadyClient.awaitPort(LAB.get(), address, PORT);
    return SteadyClient.connect(LAB.get(), "redis", address, PORT, 200, 1);
  }

  private static String state(Host host) throws PodkitException {
    return podman(host, "inspect", "--format", "{{.State.Status}}", NAME);
  }

  private static CommandResult move(Object... options) throws PodkitException {
    List<Object> words = new ArrayList<>(List.of("migrate", "--engine", "podman"));
    words.addAll(List.of(options));
    words.addAll(List.of(NAME, there().address()));
    return here().podCommand(words.toArray()).timeout(Duration.ofMinutes(2)).run();
  }

  private static int entries(Path of) throws Exception {
    int count = 0;
    if (Files.isDirectory(of)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(of)) {
        for (Path ignored : all) {
          count++;
        }
      }
    }
    return count;
  }

  @Test
  void aRedisWithAClient_isPodmansThere() throws Exception {
    String address = start();
    podman(
        here(), "exec", NAME, "sh", "-c", "echo written >/var/note; rm /usr/bin/redis-benchmark");
    try (SteadyClient client = client(address)) {
      client.expectAnswers();
      CommandResult moved = move();
      assertThat(moved.status().shellCode()).as(moved.stderr()).isZero();
      client.expectAnswers();
      assertThat(state(here())).isEqualTo("exited");
      assertThat(here().podNames()).doesNotContain(NAME);
      assertThat(podman(there(), "ps", "--format", "{{.Names}} {{.Image}}"))
          .isEqualTo(NAME + " " + IMAGE);
      assertThat(
              podman(
                  there(),
                  "exec",
                  NAME,
                  "sh",
                  "-c",
                  "cat /var/note; ls /usr/bin/redis-b*k || echo none"))
          .isEqualTo("written\nnone");
      JsonNode seen = there().podJson("inspect", NAME);
      assertThat(seen.path("engine").asText()).isEqualTo("podman");
      assertThat(seen.path("address").path("ipv4").asText()).isEqualTo(address);
      client.expectUnharmed();
    }
    podman(there(), "stop", "--time", "10", NAME);
    assertThat(podman(there(), "inspect", "--format", "{{.State.ExitCode}}", NAME)).isEqualTo("0");
    podman(there(), "start", NAME);
    try (SteadyClient again = client(address)) {
      again.expectAnswers();
      again.expectUnharmed();
    }
  }

  @Test
  void aRestoreThatFails_leavesItWithPodmanHere() throws Exception {
    String address = start();
    String pid = podman(here(), "inspect", "--format", "{{.State.Pid}}", NAME);
    for (String fault : List.of("target:complete:throw", "target:held:throw")) {
      there().killAgent();
      there().startAgent(fault);
      try (SteadyClient client = client(address)) {
        CommandResult failed = move();
        assertThat(failed.status().shellCode()).as(failed.stderr()).isNotZero();
        client.expectAnswers();
        client.expectUnharmed();
      } finally {
        there().killAgent();
        there().startAgent();
      }
      assertThat(podman(here(), "inspect", "--format", "{{.State.Pid}}", NAME)).isEqualTo(pid);
      assertThat(podman(there(), "ps", "--all", "--quiet")).as(fault).isEmpty();
      assertThat(entries(networks(there()))).as(fault).isZero();
      assertThat(there().podNames()).as(fault).isEmpty();
    }
  }

  @Test
  void anAgentThatDiesWithTheHeldContainer_hasNoneAfterwards() throws Exception {
    String address = start();
    there().killAgent();
    there().startAgent("target:before-resume:kill");
    try (SteadyClient client = client(address)) {
      CommandResult failed = move();
      assertThat(failed.status().shellCode()).as(failed.stderr()).isNotZero();
      there().killAgent();
      there().startAgent();
      here().pod("recover");
      client.expectAnswers();
      client.expectUnharmed();
    }
    assertThat(state(here())).isEqualTo("running");
    assertThat(podman(there(), "ps", "--all", "--quiet")).isEmpty();
    assertThat(entries(networks(there()))).isZero();
  }

  @Test
  void whatPodmanThereCannotTake_isRefusedBeforehand() throws Exception {
    start("--volume", "/srv:/srv:ro");
    CommandResult bound = move();
    assertThat(bound.status().shellCode()).as(bound.stderr()).isEqualTo(5);
    assertThat(bound.stderr()).contains("has volumes").contains("/srv").contains("as a pod");
    podman(here(), "rm", "--force", "--time", "0", NAME);

    start();
    podman(there(), "create", "--name", NAME, IMAGE, "true");
    CommandResult twice = move();
    assertThat(twice.status().shellCode()).as(twice.stderr()).isEqualTo(5);
    assertThat(twice.stderr()).contains("is there already").contains("podman rename");
    podman(there(), "rm", NAME);

    CommandResult behind = move("--strategy", "post-copy");
    assertThat(behind.status().shellCode()).as(behind.stderr()).isEqualTo(2);
    podman(there(), "rmi", IMAGE);
    CommandResult lacking = move();
    assertThat(lacking.status().shellCode()).as(lacking.stderr()).isEqualTo(5);
    assertThat(lacking.stderr()).contains("podman save").contains("podman load");
    assertThat(state(here())).isEqualTo("running");
    podman(there(), "import", at(there(), "../image.tar"), IMAGE);
  }
}
