package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podkit.process.CommandResult;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.Podman;
import io.podkit.tests.lab.SteadyClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Containers that podman started move, are pods there, and move on; if they cannot, they go on in
 * podman as if nothing had been.
 */
@Requires({
  Requirement.ROOT,
  Requirement.POD,
  Requirement.CRIU,
  Requirement.PODMAN,
  Requirement.SERVERS
})
class ContainerMoveIT {
  private static final Path DIRECTORY =
      Path.of(
          Objects.requireNonNullElse(System.getenv("PODKIT_LAB_DIR"), "/var/lib/podkit-lab-it")
              + "-containers");

  private static final String IMAGE = "localhost/servers:v1";
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final List<String> REDIS =
      List.of("redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--dir", "/var/lib");

  private static Lab lab;
  private static Podman podman;

  @BeforeAll
  static void build() throws Exception {
    lab = Lab.up(DIRECTORY, List.of("hostA", "hostB", "hostC"));
    lab.images().of("redis");
    lab.images().of("nginx");
    Path built = lab.tests().resolve("target/images").toRealPath();
    podman = Podman.on(lab.hostA());
    podman.image(
        IMAGE,
        built.resolve("base"),
        List.of(built.resolve("redis"), built.resolve("nginx"), built.resolve("programs")));
  }

  @AfterAll
  static void takeDown() throws Exception {
    try {
      if (podman != null) {
        podman.close();
      }
    } finally {
      if (lab != null) {
        lab.close();
      }
    }
  }

  @AfterEach
  void empty() throws Exception {
    podman.run("rm", "--all", "--force", "--volumes", "--time", "0");
    for (String name : List.of("hostA", "hostB", "hostC")) {
      Host host = lab.host(name);
      for (String pod : host.podNames()) {
        host.pod("rm", "-f", pod);
      }
      host.pod("volume", "prune");
      assertThat(lab.remainsOn(host)).as("remains on %s", name).isEmpty();
    }
  }

  /** Starts one, and returns its address. */
  private static String start(String name, List<String> options, List<String> program)
      throws Exception {
    List<Object> words = new ArrayList<>(List.of("run", "-d", "--name", name));
    words.addAll(List.of("--network", "pods", "--ulimit", "nofile=1024:1024"));
    words.addAll(List.of("--ulimit", "nproc=1024:1024"));
    words.addAll(options);
    words.add(IMAGE);
    words.addAll(program);
    podman.run(words.toArray());
    return podman.inspect(name, "{{.NetworkSettings.Networks.pods.IPAddress}}");
  }

  private static void awaitPort(String address, int port) throws Exception {
    SteadyClient.awaitPort(lab, address, port);
  }

  @Test
  void redis_movesAndMovesOnAsAPod() throws Exception {
    Path bind = Files.createDirectories(podman.at("bind"));
    String address =
        start(
            "db",
            List.of(
                "--restart",
                "always",
                "-v",
                "dbdata:/data",
                "-v",
                bind + ":/bind",
                "--tmpfs",
                "/scratch"),
            REDIS);
    awaitPort(address, 6379);
    podman.run(
        "exec",
        "db",
        "sh",
        "-c",
        "echo a >/bind/a; echo b >/scratch/b; echo c >/root/c; echo d >/data/d");
    Host b = lab.hostB();
    try (SteadyClient client = SteadyClient.connect(lab, "redis", address, 6379, 300, 1)) {
      JsonNode report = lab.hostA().podJson("migrate", "db", b.address());
      assertThat(report.path("strategy").asText()).isEqualTo("pre-copy");
      client.expectProgress();
      assertThat(podman.inspect("db", "{{.State.Status}} {{.State.ExitCode}}"))
          .isEqualTo("exited 137");
      assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
          .as("nothing of it is left mounted")
          .doesNotContain(podman.inspect("db", "{{.Id}}"));
      assertThat(lab.hostA().podNames()).doesNotContain("db");
      JsonNode pod = b.podJson("inspect", "db");
      assertThat(pod.path("engine").isNull()).isTrue();
      assertThat(pod.path("address").path("ipv4").asText()).isEqualTo(address);
      assertThat(
              b.pod(
                  "exec",
                  "db",
                  "cat",
                  "/bind/a",
                  "/scratch/b",
                  "/root/c",
                  "/data/d",
                  "/etc/layered"))
          .isEqualTo("a\nb\nc\nd\nlayered\n");
      assertThat(b.tryPod("exec", "db", "test", "-e", "/etc/nsswitch.conf").success()).isFalse();
      assertThat(b.pod("exec", "db", "cat", "/etc/hosts")).contains(address);
      saysSomething(b);

      Host c = lab.host("hostC");
      b.pod("migrate", "db", c.address());
      client.expectProgress();
      saysSomething(c);
      c.pod("migrate", "db", lab.hostA().address());
      saysSomething(lab.hostA());
      assertThat(podman.runs("db")).as("in podman, which saw it end").isFalse();
      client.expectUnharmed();
    }
    lab.hostA().pod("kill", "--signal", "WINCH", "db"); // its pid 1 is the server itself
    lab.hostA().pod("checkpoint", "db");
    lab.hostA().pod("restore", "db");
    saysSomething(lab.hostA());
    lab.hostA().pod("stop", "db");
    assertThat(lab.hostA().podJson("inspect", "db").path("state").asText()).isEqualTo("exited");
  }

  /** What it logs now is in {@code pod logs}. */
  private static void saysSomething(Host host) throws Exception {
    long before = saved(host);
    host.pod("exec", "db", "redis-cli", "bgsave");
    for (int tries = 0; saved(host) == before; tries++) {
      assertThat(tries).as("tries until db has logged").isLessThan(200);
      Thread.sleep(50);
    }
  }

  private static long saved(Host host) throws Exception {
    return host.pod("logs", "db").lines().filter(line -> line.contains("terminated with")).count();
  }

  @Test
  void nginx_keepsItsConnectionsAndSendsItsImageOnce() throws Exception {
    List<String> program =
        List.of("nginx", "-c", Workload.PROGRAMS + "nginx.conf", "-g", "user root;");
    lab.hostB().pod("image", "prune"); // what other tests left
    String first = start("web1", List.of("--rm"), program);
    String second = start("web2", List.of(), program);
    awaitPort(first, 80);
    awaitPort(second, 80);
    try (SteadyClient client = SteadyClient.connect(lab, "http", first, 80, 100, 1)) {
      JsonNode brought = lab.hostA().podJson("migrate", "web1", lab.hostB().address());
      assertThat(brought.path("layerBytes").asLong()).as("layers").isPositive();
      client.expectProgress();
      lab.hostB().pod("migrate", "web1", lab.host("hostC").address());
      client.expectUnharmed();
    }
    assertThat(podman.run("ps", "--all", "--format", "{{.Names}}")).isEqualTo("web2");
    JsonNode report = lab.hostA().podJson("migrate", "web2", lab.hostB().address());
    assertThat(report.path("layerBytes").asLong()).as("its layers are there").isZero();
  }

  @Test
  void whatCannotMove_isToldAndLeftAlone() throws Exception {
    start("screen", List.of("-t"), REDIS);
    start("typed", List.of("-i"), REDIS);
    start("public", List.of("-p", "6379:6379"), REDIS);
    String id = podman.inspect("screen", "{{.State.Pid}}");
    refuses("screen", "terminal", "without -t");
    refuses("typed", "standard input", "without -i");
    refuses("public", "ports of this host", "--publish");
    assertThat(podman.inspect("screen", "{{.State.Pid}} {{.State.Running}}"))
        .isEqualTo(id + " true");
  }

  @Test
  void check_asksTheTargetToo() throws Exception {
    start("db", List.of(), REDIS);
    Host b = lab.hostB();
    b.pod("host", "cordon", "hostb");
    try {
      CommandResult refused = lab.hostA().tryPod("check", "db", b.address());
      assertThat(refused.status().shellCode()).isEqualTo(5);
      assertThat(refused.stdout()).contains("cordoned");
    } finally {
      b.pod("host", "uncordon", "hostb");
    }
    lab.hostA().pod("check", "db", b.address());
    assertThat(podman.runs("db")).isTrue();
  }

  private static void refuses(String name, String cause, String cure) throws Exception {
    for (String verb : List.of("migrate", "check")) {
      CommandResult refused = lab.hostA().tryPod(verb, name, lab.hostB().address());
      assertThat(refused.status().shellCode()).as(verb + " " + name).isEqualTo(5);
      assertThat(refused.stdout() + refused.stderr()).contains(cause, cure);
    }
    assertThat(lab.hostA().recordedState(name)).isEmpty();
    assertThat(lab.hostB().podNames()).isEmpty();
  }

  @Test
  void aMoveThatFails_leavesItInPodman() throws Exception {
    String address = start("db", List.of("--restart", "always"), REDIS);
    awaitPort(address, 6379);
    String pid = podman.inspect("db", "{{.State.Pid}}");
    try (SteadyClient client = SteadyClient.connect(lab, "redis", address, 6379, 200, 1)) {
      for (String fault :
          List.of(
              "source:rounds:kill",
              "source:frozen:throw",
              "source:restored:throw",
              "source:written:kill")) {
        CommandResult failed =
            lab.hostA()
                .podCommand("migrate", "db", lab.hostB().address())
                .env("PODKIT_FAULT", fault)
                .run();
        assertThat(failed.success()).as(fault).isFalse();
        awaitSettled();
        client.expectAnswers();
        assertThat(podman.inspect("db", "{{.State.Pid}} {{.State.Running}}"))
            .as(fault)
            .isEqualTo(pid + " true");
        assertThat(lab.hostB().podNames()).as(fault).isEmpty();
      }
      client.expectUnharmed();
    }
    assertThat(lab.hostA().podJson("inspect", "db").path("engine").asText()).isEqualTo("podman");
  }

  @Test
  void aDeathAfterTheCommit_leavesItToTheTarget() throws Exception {
    String address = start("db", List.of("--restart", "always"), REDIS);
    awaitPort(address, 6379);
    try (SteadyClient client = SteadyClient.connect(lab, "redis", address, 6379, 200, 1)) {
      lab.hostA()
          .podCommand("migrate", "db", lab.hostB().address())
          .env("PODKIT_FAULT", "source:after_committed:kill")
          .run();
      awaitSettled();
      client.expectAnswers();
      client.expectUnharmed();
    }
    assertThat(lab.hostB().recordedState("db")).isEqualTo("running");
    assertThat(podman.runs("db")).isFalse();
  }

  /** The dead man's switch has recovered: there is no record any more. */
  private static void awaitSettled() throws Exception {
    for (int tries = 0; !lab.hostA().recordedState("db").isEmpty(); tries++) {
      assertThat(tries).as("tries until it is recovered").isLessThan(600);
      Thread.sleep(50);
    }
  }

  @Test
  void anEvacuation_takesContainersAlong() throws Exception {
    String address = start("db", List.of(), REDIS);
    awaitPort(address, 6379);
    for (String name : List.of("hostA", "hostB")) {
      lab.hostA().pod("host", "add", name, lab.host(name).address());
    }
    try (SteadyClient client = SteadyClient.connect(lab, "redis", address, 6379, 200, 1)) {
      CommandResult result =
          lab.hostA().podCommand("host", "evacuate", "hosta", "--yes").timeout(PATIENCE).run();
      assertThat(result.status().shellCode()).as(result.stderr() + result.stdout()).isZero();
      client.expectUnharmed();
    } finally {
      lab.hostA().pod("host", "uncordon", "hosta");
    }
    assertThat(lab.hostB().recordedState("db")).isEqualTo("running");
    assertThat(podman.inspect("db", "{{.State.Status}}")).isEqualTo("exited");
  }
}
