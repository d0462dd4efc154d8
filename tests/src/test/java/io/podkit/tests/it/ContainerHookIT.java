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
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers that podman starts with runc, and what Podkit knows of them through its hook. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.PODMAN})
class ContainerHookIT {
  private static final String IMAGE = "localhost/hooked:v1";

  /** Writes to memory all the time, and ends when it is asked to. */
  private static final String PROGRAM = "trap 'exit 7' TERM; while :; do sleep 0.05; done";

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  private static @Nullable Path directory;

  private static Path at(String name) {
    Path known = directory;
    if (known == null) {
      throw new IllegalStateException("nothing was prepared");
    }
    return known.resolve(name);
  }

  @BeforeAll
  static void makeAnImage() throws Exception {
    directory = Files.createTempDirectory("podkit-hook");
    LAB.get().images().of("base");
    Path base = LAB.get().tests().resolve("target/images/base").toRealPath();
    Command.of("tar", "-C", base, "-cf", at("base.tar"), ".").runOrThrow("pack the base");
    podman("import", at("base.tar"), IMAGE);
  }

  @AfterAll
  static void removePodmansFiles() throws Exception {
    if (directory != null) {
      podman("rm", "--all", "--force", "--time", "0");
      Command.of("sh", "-c", "umount \"$0/store/overlay\"; rm -rf \"$0\"", directory)
          .runOrThrow("remove podman's files");
    }
  }

  @BeforeEach
  void install() throws Exception {
    host().pod("hook", "install", "--hooks-dir", at("hooks.d"), "--annotation", "io.podkit=yes");
  }

  @AfterEach
  void removeContainers() throws Exception {
    podman("rm", "--all", "--force", "--time", "0");
    host().pod("hook", "uninstall", "--hooks-dir", at("hooks.d"));
    assertThat(host().tryPod("hook", "status", "--hooks-dir", at("hooks.d")).status().shellCode())
        .isEqualTo(1);
  }

  private static Host host() {
    return LAB.get().hostA();
  }

  private static String podman(Object... words) throws PodkitException {
    List<Object> all = new ArrayList<>(List.of("--root", at("store"), "--runroot", at("runroot")));
    all.addAll(List.of("--tmpdir", at("tmp"), "--cgroup-manager", "cgroupfs"));
    all.addAll(List.of("--runtime", "runc", "--hooks-dir", at("hooks.d")));
    all.addAll(List.of(words));
    return Command.of("podman", all.toArray())
        .env("PATH", CriuBinary.find().criu().getParent() + ":" + System.getenv("PATH"))
        .runOrThrow("call podman")
        .stdout()
        .strip();
  }

  /** Returns its id. */
  private static String start(String name, String... options) throws PodkitException {
    List<Object> words = new ArrayList<>(List.of("run", "-d", "--name", name));
    words.addAll(List.of("--network", "none", "--ulimit", "nofile=1024:1024"));
    words.addAll(List.of("--ulimit", "nproc=1024:1024"));
    words.addAll(List.of(options));
    words.addAll(List.of(IMAGE, "bash", "-c", PROGRAM));
    return podman(words.toArray());
  }

  private static boolean runs(String name) throws PodkitException {
    return podman("inspect", "--format", "{{.State.Running}}", name).equals("true");
  }

  private static List<Path> notes() throws Exception {
    List<Path> notes = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(host().run().resolve("containers"))) {
      all.forEach(notes::add);
    }
    return notes;
  }

  @Test
  void anAnnotatedContainer_isListedAsLongAsItLives() throws Exception {
    String id = start("listed", "--annotation", "io.podkit=yes", "--memory", "256m");
    start("other", "--annotation", "io.podkit=no");

    assertThat(host().podNames()).contains("listed").doesNotContain("other");
    assertThat(host().pod("ps").lines().findFirst().orElseThrow()).endsWith("ENGINE");
    JsonNode seen = host().podJson("inspect", "listed");
    assertThat(seen.path("engine").asText()).isEqualTo("podman");
    assertThat(seen.path("containerId").asText()).isEqualTo(id);
    assertThat(seen.path("image").asText()).isEqualTo(IMAGE);
    assertThat(seen.path("limits").path("memoryBytes").asLong()).isEqualTo(256 << 20);
    assertThat(seen.path("pid").asText())
        .isEqualTo(podman("inspect", "--format", "{{.State.Pid}}", "listed"));
    JsonNode used = host().podJson("stats", "--no-stream", "listed").path("pods").path(0);
    assertThat(used.path("memoryBytes").asLong()).isPositive();

    podman("stop", "--time", "10", "listed");
    assertThat(podman("inspect", "--format", "{{.State.ExitCode}}", "listed")).isEqualTo("7");
    assertThat(host().podNames()).doesNotContain("listed");
    assertThat(notes()).isEmpty();

    podman("start", "listed");
    assertThat(host().podNames()).contains("listed");
  }

  @Test
  void whatItsEngineOwns_isRefusedAndUnharmed() throws Exception {
    start("owned", "--annotation", "io.podkit=yes");
    for (List<Object> words :
        List.<List<Object>>of(
            List.of("stop", "owned"),
            List.of("kill", "owned"),
            List.of("rm", "-f", "owned"),
            List.of("start", "owned"),
            List.of("exec", "owned", "true"))) {
      CommandResult refused = host().tryPod(words.toArray());
      assertThat(refused.status().shellCode()).as(words.toString()).isIn(5, 125);
      assertThat(refused.stderr()).contains("podman owns").contains("use podman");
    }
    CommandResult check = host().tryPod("check", "owned", "--time", "500ms");
    assertThat(check.status().shellCode()).as(check.stderr()).isZero();
    assertThat(check.stdout()).contains("Nothing is in the way").contains("dirtied");
    assertThat(runs("owned")).isTrue();
    assertThat(host().podNames()).contains("owned");
  }

  @Test
  void aCheckpoint_isPodmansOwn() throws Exception {
    start("written", "--annotation", "io.podkit=yes");
    CommandResult nowhere = host().tryPod("checkpoint", "written");
    assertThat(nowhere.status().shellCode()).isEqualTo(2);
    assertThat(nowhere.stderr()).contains("-o FILE");

    JsonNode copy = checkpoint("--leave-running", "copy.tar");
    assertThat(copy.path("frozenMs").asDouble()).isPositive();
    assertThat(copy.path("sizeBytes").asLong()).isEqualTo(Files.size(at("copy.tar")));
    assertThat(runs("written")).isTrue();

    checkpoint("--format=json", "last.tar");
    assertThat(podman("inspect", "--format", "{{.State.Status}}", "written")).isEqualTo("exited");
    assertThat(host().podNames()).doesNotContain("written");
    CommandResult ours = host().tryPod("restore", "-i", at("last.tar"));
    assertThat(ours.status().shellCode()).isEqualTo(2);
    assertThat(ours.stderr()).contains("podman container restore -i");

    podman("container", "restore", "--import", at("last.tar"), "--name", "again");
    assertThat(runs("again")).isTrue();
    assertThat(host().podNames()).contains("again");
    podman("stop", "--time", "10", "again");
    assertThat(podman("inspect", "--format", "{{.State.ExitCode}}", "again")).isEqualTo("7");
  }

  @Test
  void aCheckpointThatCannotBeWritten_endsNoContainer() throws Exception {
    start("kept", "--annotation", "io.podkit=yes");
    CommandResult nowhere = host().tryPod("checkpoint", "-o", at("gone/kept.tar"), "kept");
    assertThat(nowhere.status().shellCode()).isEqualTo(1);
    assertThat(runs("kept")).isTrue();

    Path small = Files.createDirectory(at("small"));
    Command.of("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", small).runOrThrow("mount");
    try {
      String before = podman("inspect", "--format", "{{.State.Pid}}", "kept");
      CommandResult full = host().tryPod("checkpoint", "-o", small.resolve("kept.tar"), "kept");
      assertThat(full.status().shellCode()).as(full.stderr()).isEqualTo(7);
      assertThat(full.stderr())
          .containsIgnoringCase("no space")
          .contains("brought back")
          .doesNotContain("runs on");
      assertThat(small).isEmptyDirectory();
      assertThat(runs("kept")).isTrue();
      assertThat(podman("inspect", "--format", "{{.State.Pid}}", "kept")).isNotEqualTo(before);
      assertThat(host().podNames()).contains("kept");
    } finally {
      Command.of("umount", small).runOrThrow("unmount");
    }
  }

  private static JsonNode checkpoint(String option, String file) throws Exception {
    String printed =
        host().pod("checkpoint", option, "-o", at(file), "--format", "json", "written");
    return new ObjectMapper().readTree(printed);
  }

  @Test
  void aContainerThatADeadCommandStopped_isLetGoOn() throws Exception {
    start("stopped", "--annotation", "io.podkit=yes");
    long pid = host().podJson("inspect", "stopped").path("pid").asLong();
    Path freezer = freezer(pid);
    Files.writeString(freezer, "1");
    assertThat(host().tryPod("check", "stopped").status().shellCode()).isEqualTo(4);
    host().pod("settle", "--container", "stopped"); // as the dead man's switch calls it
    assertThat(Files.readString(freezer).strip()).isEqualTo("0");
  }

  private static Path freezer(long pid) throws Exception {
    String unified =
        Command.of("findmnt", "-nt", "cgroup2", "-o", "TARGET")
            .runOrThrow("find cgroup v2")
            .lines()
            .get(0);
    String group =
        Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream()
            .filter(line -> line.startsWith("0::/"))
            .findFirst()
            .orElseThrow()
            .substring("0::/".length());
    return Path.of(unified).resolve(group).resolve("cgroup.freeze");
  }

  @Test
  void aHookThatCanNoteNothing_holdsUpNobody() throws Exception {
    Path place = host().run().resolve("containers");
    Path aside = host().run().resolve("containers.aside");
    boolean there = Files.exists(place);
    if (there) {
      Files.move(place, aside);
    }
    Files.writeString(place, "in the way");
    try {
      start("missed", "--annotation", "io.podkit=yes");
      assertThat(runs("missed")).isTrue();
      assertThat(host().podNames()).doesNotContain("missed");
    } finally {
      Files.delete(place);
      if (there) {
        Files.move(aside, place);
      }
    }
  }

  @Test
  void aProgramThatWasUpdated_isToldAndReplaced() throws Exception {
    Path program = host().root().resolve("hook/pod-hook");
    Files.writeString(program, "#!/bin/false\n");
    Lab lab = LAB.get();
    assertThat(lab.hostA().pod("hook", "status", "--hooks-dir", at("hooks.d")))
        .contains("another version");
    install();
    assertThat(lab.hostA().pod("hook", "status", "--hooks-dir", at("hooks.d")))
        .doesNotContain("another version");
  }
}
