package io.podkit.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.ContainerRef;
import io.podkit.core.launch.ProcessIdentities;
import io.podkit.core.store.EngineContainer;
import io.podkit.core.store.InitProcess;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script for podman and a sleeping process for the container. */
class EngineKillTest {
  private static final Duration BRIEF = Duration.ofMillis(400);

  @TempDir Path directory;
  private Subprocess container;
  private InitProcess init;

  @BeforeEach
  void start() throws PodkitException {
    container = Command.of("sleep", "600").start();
    init = ProcessIdentities.identify(container.pid());
  }

  @AfterEach
  void end() {
    container.close();
  }

  /**
   * A podman that answers by a shell's words; what it was called with is in the file {@code calls}.
   *
   * @param kill what {@code container kill} does
   * @param stop what {@code container stop} does
   * @param state what {@code container inspect} does; {@code container exists} succeeds
   */
  private EngineContainer podman(String kill, String stop, String state) throws IOException {
    Path script = directory.resolve("podman");
    Files.writeString(
        script,
        """
        cd %s
        echo $2 >>calls
        case $2 in
          kill) %s ;;
          stop) %s ;;
          exists) test ! -e removed ;;
          inspect) %s ;;
        esac
        """
            .formatted(directory, kill, stop, state));
    return new EngineContainer(
        new ContainerRef("podman", "a99b"),
        List.of("sh", script.toString()),
        List.of(),
        null,
        null);
  }

  private String killed() {
    return "kill -9 " + container.pid();
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(directory.resolve("calls"));
  }

  @Test
  void podmanThatWaitsForTheEnd_isNotWaitedFor() throws Exception {
    EngineContainer owner =
        podman(
            "ps -o sid= -p $$ >session; echo $$ >pid; "
                + killed()
                + "; until test -e released; do sleep 0.01; done; touch noted",
            "false",
            "false");
    try (EngineKill kill = new EngineKill(owner, init)) {
      kill.begin();
      assertThat(kill.isBegun()).isTrue();
      assertThat(ProcessIdentities.isAlive(init)).isFalse();
      assertThat(directory.resolve("noted")).doesNotExist();
      assertThat(Files.readString(directory.resolve("session")).trim())
          .as("a session of its own")
          .isEqualTo(Files.readString(directory.resolve("pid")).trim());
      Files.createFile(directory.resolve("released"));
    }
    assertThat(directory.resolve("noted")).exists();
  }

  @Test
  void podmanThatDiesAfterTheSignal_hasNotBegun() throws Exception {
    EngineContainer owner = podman(killed() + "; kill -9 $$", "false", "false");
    try (EngineKill kill = new EngineKill(owner, init)) {
      assertThatThrownBy(kill::begin).isInstanceOf(PodkitException.class);
      assertThat(kill.isBegun()).isFalse();
    }
  }

  @Test
  void podmanThatFails_hasNotBegun() throws Exception {
    EngineContainer owner = podman("echo no lock >&2; exit 125", "false", "false");
    try (EngineKill kill = new EngineKill(owner, init)) {
      assertThatThrownBy(kill::begin)
          .isInstanceOf(PodkitException.class)
          .hasMessageContaining("no lock");
      assertThat(kill.isBegun()).isFalse();
    }
    assertThat(ProcessIdentities.isAlive(init)).isTrue();
  }

  @Test
  void oneThatPodmanIsDoneWith_isLeftAlone() throws Exception {
    container.close();
    EngineKill.finish(podman("false", "false", "echo exited"), init);
    assertThat(calls()).containsExactly("exists", "inspect");
  }

  @Test
  void oneThatLives_isKilledAndItsEndIsNoted() throws Exception {
    EngineKill.finish(podman(killed(), "touch cleaned", stateUntil("cleaned", "stopped")), init);
    assertThat(ProcessIdentities.isAlive(init)).isFalse();
    assertThat(calls()).startsWith("kill").contains("stop");
  }

  private static String stateUntil(String file, String before) {
    return "if test -e " + file + "; then echo exited; else echo " + before + "; fi";
  }

  @Test
  void oneThatWasStartedAgain_isStopped() throws Exception {
    container.close();
    EngineContainer owner =
        podman(
            "false",
            "if test -e again; then touch cleaned; else touch again; fi",
            stateUntil("cleaned", "running"));
    EngineKill.finish(owner, init);
    assertThat(calls()).filteredOn("stop"::equals).hasSize(2);
  }

  @Test
  void oneThatIsRemoved_isOver() throws Exception {
    container.close();
    EngineKill.finish(podman("false", "touch removed", "echo stopped"), init);
    assertThat(calls()).containsExactly("exists", "inspect", "stop", "exists");
  }

  @Test
  void oneThatPodmanMayStartAgain_isNotOver() throws Exception {
    container.close();
    EngineContainer owner = podman("false", "true", "echo stopped");
    assertThatThrownBy(() -> EngineKill.finish(owner, init, BRIEF))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT))
        .hasMessageContaining("stopped");
  }

  @Test
  void podmanThatDoesNotAnswer_isAnError() throws Exception {
    container.close();
    EngineContainer owner = podman("false", "true", "exit 125");
    assertThatThrownBy(() -> EngineKill.finish(owner, init)).isInstanceOf(PodkitException.class);
  }
}
