package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import io.podkit.process.Subprocess;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.StateDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Four hosts, one of which is emptied: whatever happens, each pod runs, and on one host only. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
class EvacuationIT {
  private static final Path DIRECTORY =
      Path.of(
          Objects.requireNonNullElse(System.getenv("PODKIT_LAB_DIR"), "/var/lib/podkit-lab-it")
              + "-four");

  private static final List<String> NAMES = List.of("hostA", "hostB", "hostC", "hostD");
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static Lab lab;
  private static String image;

  @BeforeAll
  static void build() throws Exception {
    lab = Lab.up(DIRECTORY, NAMES);
    image = lab.images().of("base");
    for (String name : NAMES) {
      Host host = lab.host(name);
      home().pod("host", "add", name, host.address(), "--label", "chassis=" + name);
    }
  }

  @AfterAll
  static void takeDown() {
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void empty() throws Exception {
    for (String name : NAMES) {
      Host host = lab.host(name);
      for (String pod : host.podNames()) {
        host.pod("rm", "-f", pod);
      }
      home().pod("host", "uncordon", name);
    }
  }

  private static Host home() {
    return lab.hostA();
  }

  private static void run(String name, String... labels) throws Exception {
    List<Object> words = new ArrayList<>(List.of("run", "-d", "--name", name, "--image", image));
    for (String label : labels) {
      words.addAll(List.of("--label", label));
    }
    words.addAll(List.of("--", "sleep", "infinity"));
    home().pod(words.toArray());
  }

  private static CommandResult evacuate(Object... options) throws Exception {
    List<Object> words = new ArrayList<>(List.of("host", "evacuate", "hosta", "--yes"));
    words.addAll(List.of(options));
    return home().podCommand(words.toArray()).timeout(PATIENCE).run();
  }

  private static JsonNode json(CommandResult result) throws Exception {
    return JSON.readTree(result.stdout());
  }

  private static JsonNode of(JsonNode evacuation, String pod) {
    for (JsonNode move : evacuation.path("pods")) {
      if (move.path("pod").asText().equals(pod)) {
        return move;
      }
    }
    throw new AssertionError("no pod " + pod + " in " + evacuation);
  }

  /** Where each pod runs; fails if one runs twice. */
  private static Map<String, String> running() throws Exception {
    Map<String, String> places = new TreeMap<>();
    for (String name : NAMES) {
      Host host = lab.host(name);
      for (String pod : host.podNames()) {
        if (host.recordedState(pod).equals("running")) {
          assertThat(places.put(pod, name)).as("%s runs on one host", pod).isNull();
        }
      }
    }
    return places;
  }

  private static void await(String what, Predicate<Integer> there) throws Exception {
    for (int tries = 0; tries < 1200; tries++) {
      if (there.test(tries)) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(what + " did not come");
  }

  @Test
  void emptiedAndBroughtBack() throws Exception {
    run("web1", "podkit.anti-affinity=web");
    run("web2", "podkit.anti-affinity=web", "podkit.priority=5");
    run("db");
    home().pod("create", "--name", "idle", "--image", image, "--", "sleep", "1");

    JsonNode plan =
        JSON.readTree(home().pod("host", "evacuate", "hosta", "--dry-run", "-o", "json"));
    assertThat(plan.path("state").asText()).isEqualTo("planned");
    assertThat(plan.path("pods").path(0).path("pod").asText()).isEqualTo("web2");
    assertThat(running().values()).as("only a plan").containsOnly("hostA");

    CommandResult result = evacuate("-o", "json");
    assertThat(result.status().shellCode()).as(result.stderr()).isZero();
    assertThat(json(result).path("empty").asBoolean()).isTrue();
    assertThat(of(json(result), "idle").path("step").asText()).isEqualTo("stays");
    Map<String, String> away = running();
    assertThat(away).containsOnlyKeys("web1", "web2", "db").doesNotContainValue("hostA");
    assertThat(away.get("web1")).isNotEqualTo(away.get("web2"));
    assertThat(home().pod("ps", "--all-hosts")).contains("web1", "web2", "db");
    assertThat(evacuate().status().shellCode()).as("an empty host").isZero();

    Host place = lab.host(away.getOrDefault("db", ""));
    CommandResult refused = place.tryPod("migrate", "db", home().address());
    assertThat(refused.status().shellCode()).isEqualTo(5);
    assertThat(refused.stderr()).contains("cordoned", "--force");
    place.pod("migrate", "--force", "db", home().address());
    assertThat(running()).containsEntry("db", "hostA");

    CommandResult back =
        home().podCommand("host", "uncordon", "hosta", "--bring-back").timeout(PATIENCE).run();
    assertThat(back.status().shellCode()).as("of two that may not meet one stays").isEqualTo(12);
    assertThat(back.stdout()).contains("another pod of anti-affinity group web is there");
    assertThat(running().values()).filteredOn("hostA"::equals).hasSize(2);
    assertThat(running()).hasSize(3);
  }

  @Test
  void onlyWhatIsSelected() throws Exception {
    run("web", "tier=web");
    run("db", "tier=db");
    CommandResult result = evacuate("--selector", "tier=web", "--to", "hostc");
    assertThat(result.status().shellCode()).as(result.stderr()).isZero();
    assertThat(running()).isEqualTo(Map.of("web", "hostC", "db", "hostA"));
  }

  @Test
  void aTargetThatDiesMidway() throws Exception {
    run("one");
    run("two");
    lab.hostB().killAgent();
    lab.hostB().startAgent("target:prepared:kill");
    CommandResult result = evacuate("--to", "hostb,hostc", "-o", "json");
    assertThat(result.status().shellCode()).as(result.stderr()).isZero();
    assertThat(running()).isEqualTo(Map.of("one", "hostC", "two", "hostC"));
    assertThat(of(json(result), "one").path("attempts").asInt()).as("on hostB first").isEqualTo(2);
    lab.hostB().startAgent();
  }

  @Test
  void aTargetThatFillsUp() throws Exception {
    Host full = lab.hostB();
    Path disk = full.root().resolve("pods");
    try (StateDisk small = StateDisk.tmpfs(full, disk, "size=300m")) {
      run("files");
      home().pod("exec", "files", "--", "dd", "if=/dev/urandom", "of=/data", "bs=1M", "count=60");
      full.killAgent();
      full.startAgent("target:prepared:pause:6000");
      try (Subprocess moving = begin("--to", "hostb,hostc", "-o", "json")) {
        await("the pause of hostB", tries -> Files.exists(disk.resolve("files")));
        Command.of("fallocate", "-l", "290M", disk.resolve("filler"))
            .runOrThrow("fill the disk of hostB");
        CommandResult result = moving.finish();
        Files.delete(disk.resolve("filler"));
        assertThat(result.status().shellCode()).as(result.stderr()).isZero();
      }
      assertThat(running()).isEqualTo(Map.of("files", "hostC"));
    }
  }

  @Test
  void aPodThatCannotBeMoved() throws Exception {
    run("picky", "podkit.require.zone=nowhere");
    run("easy");
    CommandResult result = evacuate("-o", "json");
    assertThat(result.status().shellCode()).isEqualTo(12);
    JsonNode left = of(json(result), "picky");
    assertThat(left.path("step").asText()).isEqualTo("left");
    assertThat(left.path("reason").asText()).contains("lacks the label zone=nowhere");
    assertThat(left.path("cure").asText()).isNotEmpty();
    assertThat(running()).containsEntry("picky", "hostA");
    assertThat(running().get("easy")).isNotEqualTo("hostA");
    home().pod("host", "label", "hostd", "zone=nowhere");
    assertThat(evacuate().status().shellCode()).as("repeated after the cure").isZero();
    assertThat(running()).containsEntry("picky", "hostD");
    home().pod("host", "label", "hostd", "zone-");
  }

  @Test
  void theCommandIsKilledAndRepeated() throws Exception {
    for (int i = 0; i < 4; i++) {
      run("p" + i);
    }
    try (Subprocess command = begin("--max-parallel", "1")) {
      await("the run", tries -> runner().isPresent());
      Command.of("kill", "-KILL", command.pid()).runOrThrow("kill the command");
    }
    CommandResult result = evacuate("-o", "json");
    assertThat(result.status().shellCode()).as(result.stderr()).isZero();
    assertThat(running()).hasSize(4).doesNotContainValue("hostA");
  }

  @Test
  void theRunIsKilledAndTakenUp() throws Exception {
    for (int i = 0; i < 4; i++) {
      run("p" + i);
    }
    try (Subprocess command = begin("--max-parallel", "2")) {
      await("a pod that moves", tries -> isMoving());
      runner().orElseThrow().destroyForcibly();
      CommandResult result = evacuate("-o", "json");
      assertThat(result.status().shellCode()).as(result.stderr()).isZero();
      command.finish();
    }
    assertThat(running()).hasSize(4).doesNotContainValue("hostA");
  }

  @Test
  void cancelled() throws Exception {
    for (int i = 0; i < 4; i++) {
      run("p" + i);
    }
    try (Subprocess command = begin("--max-parallel", "1")) {
      await("a pod that moves", tries -> isMoving());
      CommandResult cancel = home().tryPod("host", "evacuate", "hosta", "--cancel");
      assertThat(cancel.status().shellCode()).as(cancel.stderr()).isZero();
      assertThat(command.finish().status().shellCode()).isEqualTo(8);
    }
    assertThat(running()).hasSize(4).containsValue("hostA");
  }

  @Test
  void theMaintenanceScript() throws Exception {
    run("web");
    run("db");
    Path script = lab.tests().resolve("../examples/maintenance.sh").normalize();
    Path rebooted = DIRECTORY.resolve("rebooted");
    CommandResult result =
        home()
            .exec(
                "env", "DOWN=0", "REBOOT=pod ps -q >" + rebooted, script, "hosta", "hostb", "hostc")
            .timeout(PATIENCE)
            .run();
    assertThat(result.status().shellCode()).as(result.stderr()).isZero();
    assertThat(Files.readString(rebooted)).as("pods there when it went down").isEmpty();
    assertThat(running()).isEqualTo(Map.of("web", "hostA", "db", "hostA"));
  }

  /** What the systemd unit executes, with the name that systemd would put in. */
  @Test
  void theUnitsCommand() throws Exception {
    run("web");
    String unit =
        Files.readString(lab.tests().resolve("../examples/podkit-evacuate.service").normalize());
    String line = unit.lines().filter(l -> l.startsWith("ExecStop=")).findFirst().orElseThrow();
    String command = line.replace("ExecStop=/usr/bin/", "").replace("%H", "hosta");
    CommandResult result = home().exec("sh", "-c", command).timeout(PATIENCE).run();
    assertThat(result.status().shellCode()).as(result.stderr()).isZero();
    assertThat(running().get("web")).isNotEqualTo("hostA");
  }

  private static Subprocess begin(Object... options) throws Exception {
    List<Object> words = new ArrayList<>(List.of("host", "evacuate", "hosta", "--yes"));
    words.addAll(List.of(options));
    return home().podCommand(words.toArray()).timeout(PATIENCE).start();
  }

  /** The process that moves hostA's pods. */
  private static Optional<ProcessHandle> runner() {
    return ProcessHandle.allProcesses()
        .filter(process -> isRunner(process.info().arguments().orElse(new String[0])))
        .findFirst();
  }

  private static boolean isRunner(String... arguments) {
    List<String> words = List.of(arguments);
    return words.contains("run-evacuation") && words.contains(home().root().toString());
  }

  private static boolean isMoving() {
    try {
      JsonNode status =
          JSON.readTree(
              Files.readAllBytes(home().root().resolve("evacuation").resolve("status.json")));
      return status.path("state").asText().equals("RUNNING")
          && status.findValuesAsText("step").contains("MOVING");
    } catch (IOException e) {
      return false;
    }
  }
}
