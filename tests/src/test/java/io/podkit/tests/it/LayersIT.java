package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import io.podkit.process.Subprocess;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.Move;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.StateDisk;
import io.podkit.tests.lab.TestPod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Layers: used by several commands at once, moved, broken off and gone on with. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
class LayersIT {
  private static final int PEER = 6;

  /** Of free disk: less than the layer. */
  private static final long SMALL = 16 << 20;

  private static final String IMAGE = HeavyImage.NAME;
  private static final long HEAVY = HeavyImage.SIZE;

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @TempDir Path directory;

  private Lab lab;
  private Host here;
  private Host away;
  private HeavyImage image;
  private Path heavy;

  @BeforeEach
  void makeImage() throws Exception {
    lab = LAB.get();
    here = lab.hostA();
    away = lab.hostB();
    image = HeavyImage.make(lab, directory);
    heavy = image.layer();
  }

  @AfterEach
  void forgetImage() throws Exception {
    image.forget();
  }

  @Test
  void podsStartedAtOnce_shareOneMountOfEachLayer() throws Exception {
    List<String> names = List.of("one", "two", "three");
    List<Subprocess> starting = new ArrayList<>();
    try {
      for (String name : names) {
        starting.add(run(name).start());
      }
      for (Subprocess process : starting) {
        CommandResult result = process.finish();
        assertThat(result.success()).as(result.stderr()).isTrue();
      }
      List<String> shown = image.loops(here);
      assertThat(shown).doesNotHaveDuplicates().contains(heavy.toString());
      for (String name : names) {
        assertThat(here.pod("exec", name, "--", "stat", "-c", "%s", "/heavy").trim())
            .isEqualTo(Long.toString(HEAVY));
      }
    } finally {
      for (Subprocess process : starting) {
        process.close();
      }
      names.forEach(this::remove);
    }
    assertThat(image.loops(here)).isEmpty();
  }

  @Test
  void killedCommands_leakNothingAndTakeNothingFromOthers() throws Exception {
    try (TestPod keeper = image.sleeper("keeper")) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = "victim" + i;
        names.add(name);
        String after = Double.toString(0.25 + 0.1 * i);
        here.exec(
                "timeout",
                "-s",
                "KILL",
                after,
                "pod",
                "run",
                "-d",
                "--name",
                name,
                "--image",
                IMAGE,
                "--network",
                "none",
                "--",
                "sleep",
                "1000")
            .run();
      }
      List<String> recorded = here.podNames();
      names.stream().filter(recorded::contains).forEach(this::remove);
      assertThat(here.pod("image", "prune")).isEmpty();
      assertThat(keeper.exec("sha256sum", "/heavy")).isNotBlank();
      assertThat(image.loops(here)).doesNotHaveDuplicates().contains(heavy.toString());
      assertThat(here.root().resolve("pods").toFile().list()).containsExactly("keeper");
      assertThat(here.run().resolve("pods").toFile().list()).containsExactly("keeper");
    }
    assertThat(lab.remainsOn(here)).isEmpty();
    assertThat(image.loops(here)).isEmpty();
  }

  @Test
  void runsAndPrunesAtOnce_getAlong() throws Exception {
    Subprocess pruning =
        here.exec("sh", "-c", "for i in 1 2 3 4 5 6 7 8; do pod image prune || exit 1; done")
            .start();
    try {
      for (int i = 0; i < 4; i++) {
        String said =
            here.pod(
                "run",
                "--rm",
                "--name",
                "brief",
                "--image",
                IMAGE,
                "--network",
                "none",
                "--",
                "stat",
                "-c",
                "%s",
                "/heavy");
        assertThat(said.trim()).isEqualTo(Long.toString(HEAVY));
      }
      CommandResult pruned = pruning.finish();
      assertThat(pruned.success()).as(pruned.stderr()).isTrue();
    } finally {
      pruning.close();
    }
  }

  @Test
  void brokenTransfer_isContinuedByTheNextMigration() throws Exception {
    try (TestPod pod = image.sleeper("mover")) {
      breakOff(pod);
      long there = Files.size(image.partial().get(0));
      assertThat(there).isBetween(1L, HEAVY - 1);

      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isBetween(1L, image.total() - there);
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(image.sha256());
      assertThat(image.partial()).isEmpty();
      pod.moveTo(here);
    }
  }

  @Test
  void changedPart_isThrownAwayAndSentAnew() throws Exception {
    try (TestPod pod = image.sleeper("mover")) {
      breakOff(pod);
      HeavyImage.flip(image.partial().get(0), 1000);
      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isGreaterThanOrEqualTo(Files.size(heavy));
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(image.sha256());
      pod.moveTo(here);
    }
  }

  @Test
  void lostLink_endsTheMoveAndTheNextGoesOn() throws Exception {
    try (TestPod pod = image.sleeper("mover")) {
      try (Move move = Move.start(here, pod.name(), away, "", "--bandwidth", "8M")) {
        awaitSome(move);
        away.link(false);
        Move.End end = move.await();
        assertThat(end.status()).as(end.said()).isEqualTo(PEER);
      } finally {
        away.link(true);
      }
      assertThat(pod.inspect().path("state").asText()).isEqualTo("running");
      awaitNothingOf(pod.name());
      long there = Files.size(image.partial().get(0));

      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isBetween(1L, image.total() - there);
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(image.sha256());
      pod.moveTo(here);
    }
  }

  /** Waits until some of the layer is there, but not all. */
  private void awaitSome(Move move) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (image.partial().isEmpty() || Files.size(image.partial().get(0)) < HEAVY / 4) {
      assertThat(move.isUnderWay()).isTrue();
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }

  /** Ends the command at once when some of the layer is there, as a crash would. */
  private void breakOff(TestPod pod) throws Exception {
    try (Move move = Move.start(here, pod.name(), away, "", "--bandwidth", "8M")) {
      awaitSome(move);
      move.signal("KILL");
      move.await();
    }
    here.tryPod("recover", pod.name());
    assertThat(pod.inspect().path("state").asText()).isEqualTo("running");
    awaitNothingOf(pod.name());
  }

  private void awaitNothingOf(String pod) throws Exception {
    // As long as a target may take to notice that its source is gone.
    for (int i = 0; i < 1500 && !away.recordedState(pod).isEmpty(); i++) {
      Thread.sleep(20);
    }
    assertThat(away.recordedState(pod)).isEmpty();
  }

  @Test
  void twoMigrationsWithTheSameLayer_bringItOnce() throws Exception {
    List<String> names = List.of("first", "second");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<JsonNode>> moves = new ArrayList<>();
      for (String name : names) {
        run(name).runOrThrow("run " + name);
        moves.add(
            threads.submit(
                () -> here.podJson("migrate", name, away.address(), "--bandwidth", "20M")));
      }
      long sent = 0;
      for (Future<JsonNode> move : moves) {
        sent += move.get().path("layerBytes").asLong();
      }
      assertThat(sent).isLessThan(2 * HEAVY);
      for (String name : names) {
        assertThat(away.pod("exec", name, "--", "sha256sum", "/heavy")).startsWith(image.sha256());
      }
      assertThat(image.loops(away)).doesNotHaveDuplicates().hasSize(2);
    } finally {
      threads.shutdown();
      for (String name : names) {
        here.tryPod("rm", "-f", name);
        away.tryPod("rm", "-f", name);
      }
    }
  }

  @Test
  void targetThatPrunesMeanwhile_losesNothingThatIsNeeded() throws Exception {
    try (TestPod pod = image.sleeper("mover")) {
      try (Move move = Move.start(here, pod.name(), away, "", "--bandwidth", "20M")) {
        while (move.isUnderWay()) {
          away.pod("image", "prune");
        }
        Move.End end = move.await();
        assertThat(end.status()).as(end.said()).isZero();
      }
      assertThat(away.pod("exec", pod.name(), "--", "sha256sum", "/heavy"))
          .startsWith(image.sha256());
      away.pod("migrate", pod.name(), here.address());
    }
  }

  @Test
  void wrongContent_isRefusedAndThePodRunsOn() throws Exception {
    try (TestPod pod = image.sleeper("mover")) {
      HeavyImage.flip(heavy, Files.size(heavy) - 1); // padding: the pod does not notice
      try {
        failedMove(pod, "sent a wrong layer");
      } finally {
        HeavyImage.flip(heavy, Files.size(heavy) - 1);
      }
      assertThat(image.partial()).isEmpty();
      pod.moveTo(away);
      pod.moveTo(here);
    }
  }

  @Test
  void fullDiskOnTheTarget_endsTheMoveAndThePodRunsOn() throws Exception {
    Path layers = away.root().resolve("layers");
    try (TestPod pod = image.sleeper("mover");
        StateDisk disk = StateDisk.tmpfs(away, layers, "size=" + (sizeOf(layers) + SMALL))) {
      failedMove(pod, "left on the disk");
      assertThat(image.partial()).isEmpty();
    }
  }

  /** What a copy of it takes where files end at a page. */
  private static long sizeOf(Path directory) throws Exception {
    long sum = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file) / 4096 * 4096 + 4096;
      }
    }
    return sum;
  }

  private void failedMove(TestPod pod, String why) throws Exception {
    CommandResult result = pod.tryMoveTo(away);
    assertThat(result.success()).isFalse();
    assertThat(result.stderr()).contains("error: ").contains(why).contains("hint: ");
    assertThat(pod.inspect().path("state").asText()).isEqualTo("running");
    assertThat(pod.exec("true")).isEmpty();
    awaitNothingOf(pod.name());
    assertThat(lab.remainsOn(away)).isEmpty();
  }

  private Command run(String name) {
    return here.podCommand(
        "run", "-d", "--name", name, "--image", IMAGE, "--network", "none", "--", "sleep", "1000");
  }

  private void remove(String name) {
    try {
      here.tryPod("rm", "-f", name);
    } catch (PodkitException e) {
      throw new AssertionError(e);
    }
  }
}
