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
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Layers: used by several commands at once, moved, broken off and gone on with, shared. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU, Requirement.SERVERS})
class LayersIT {
  private static final int PEER = 6;

  /** Of free disk: less than the layer. */
  private static final long SMALL = 16 << 20;

  private static final String IMAGE = "heavy";
  private static final long HEAVY = 24L << 20;

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  @TempDir Path directory;

  private Lab lab;
  private Host here;
  private Host away;
  private Path heavy;

  /** An image with a layer that nobody else has, and that cannot be packed. */
  @BeforeEach
  void importImage() throws Exception {
    lab = LAB.get();
    here = lab.hostA();
    away = lab.hostB();
    Path content = Files.createDirectory(directory.resolve("content"));
    byte[] random = new byte[(int) HEAVY];
    new Random(directory.hashCode()).nextBytes(random);
    Files.write(content.resolve("heavy"), random);
    lab.images().of("base");
    String top = here.pod("image", "import", IMAGE, content, "--base", "base").trim();
    heavy =
        here.root().resolve("layers/sha256").resolve(top.substring("sha256:".length()) + ".sqfs");
    away.pod("image", "prune");
  }

  @AfterEach
  void forgetImage() throws Exception {
    here.pod("image", "rm", IMAGE);
    away.pod("image", "prune");
    assertThat(partial()).isEmpty();
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
      List<String> shown = loops(here);
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
    assertThat(loops(here)).isEmpty();
  }

  @Test
  void killedCommands_leakNothingAndTakeNothingFromOthers() throws Exception {
    try (TestPod keeper = sleeper("keeper")) {
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
      assertThat(loops(here)).doesNotHaveDuplicates().contains(heavy.toString());
      assertThat(here.root().resolve("pods").toFile().list()).containsExactly("keeper");
      assertThat(here.run().resolve("pods").toFile().list()).containsExactly("keeper");
    }
    assertThat(lab.remainsOn(here)).isEmpty();
    assertThat(loops(here)).isEmpty();
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
    try (TestPod pod = sleeper("mover")) {
      breakOff(pod);
      long there = Files.size(partial().get(0));
      assertThat(there).isBetween(1L, HEAVY - 1);

      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isBetween(1L, total() - there);
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(sha256());
      assertThat(partial()).isEmpty();
      pod.moveTo(here);
    }
  }

  @Test
  void changedPart_isThrownAwayAndSentAnew() throws Exception {
    try (TestPod pod = sleeper("mover")) {
      breakOff(pod);
      flip(partial().get(0), 1000);
      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isGreaterThanOrEqualTo(Files.size(heavy));
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(sha256());
      pod.moveTo(here);
    }
  }

  @Test
  void lostLink_endsTheMoveAndTheNextGoesOn() throws Exception {
    try (TestPod pod = sleeper("mover")) {
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
      long there = Files.size(partial().get(0));

      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isBetween(1L, total() - there);
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(sha256());
      pod.moveTo(here);
    }
  }

  /** Waits until some of the layer is there, but not all. */
  private void awaitSome(Move move) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (partial().isEmpty() || Files.size(partial().get(0)) < HEAVY / 4) {
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
        assertThat(away.pod("exec", name, "--", "sha256sum", "/heavy")).startsWith(sha256());
      }
      assertThat(loops(away)).doesNotHaveDuplicates().hasSize(2);
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
    try (TestPod pod = sleeper("mover")) {
      try (Move move = Move.start(here, pod.name(), away, "", "--bandwidth", "20M")) {
        while (move.isUnderWay()) {
          away.pod("image", "prune");
        }
        Move.End end = move.await();
        assertThat(end.status()).as(end.said()).isZero();
      }
      assertThat(away.pod("exec", pod.name(), "--", "sha256sum", "/heavy")).startsWith(sha256());
      away.pod("migrate", pod.name(), here.address());
    }
  }

  @Test
  void wrongContent_isRefusedAndThePodRunsOn() throws Exception {
    try (TestPod pod = sleeper("mover")) {
      flip(heavy, Files.size(heavy) - 1); // padding: the pod does not notice
      try {
        failedMove(pod, "sent a wrong layer");
      } finally {
        flip(heavy, Files.size(heavy) - 1);
      }
      assertThat(partial()).isEmpty();
      pod.moveTo(away);
      pod.moveTo(here);
    }
  }

  @Test
  void fullDiskOnTheTarget_endsTheMoveAndThePodRunsOn() throws Exception {
    Path layers = away.root().resolve("layers");
    try (TestPod pod = sleeper("mover");
        StateDisk disk = StateDisk.tmpfs(away, layers, "size=" + (sizeOf(layers) + SMALL))) {
      failedMove(pod, "left on the disk");
      assertThat(partial()).isEmpty();
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

  @Test
  void layersOnSharedStorage_areNeitherSentNorCopied() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    shareFrom(shared);
    try (TestPod pod = sleeper("mover")) {
      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isZero();
      assertThat(away.root().resolve("layers/sha256").resolve(heavy.getFileName())).doesNotExist();
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(sha256());
      assertThat(loops(away)).contains(shared.resolve(heavy.getFileName()).toString());
      CommandResult refused = away.tryPod("layer-source", "rm", shared);
      assertThat(refused.status().shellCode()).isEqualTo(4);
      assertThat(refused.stderr()).contains("is needed by pod mover");
      pod.moveTo(here);
    } finally {
      away.pod("layer-source", "rm", shared);
    }
  }

  @Test
  void damagedLayerOnSharedStorage_isSentInstead() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    shareFrom(shared);
    Path file = shared.resolve(heavy.getFileName());
    flip(file, Files.size(file) / 2);
    try (TestPod pod = sleeper("mover")) {
      assertThat(away.tryPod("layer-source", "verify").status().shellCode()).isEqualTo(1);
      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isEqualTo(Files.size(heavy));
      assertThat(pod.exec("sha256sum", "/heavy")).startsWith(sha256());
      pod.moveTo(here);
    } finally {
      away.pod("layer-source", "rm", shared);
    }
  }

  @Test
  void vanishedSharedStorage_isNoObstacle() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    shareFrom(shared);
    Files.move(shared, directory.resolve("unmounted"));
    try (TestPod pod = sleeper("mover")) {
      JsonNode report = pod.moveTo(away);
      assertThat(report.path("layerBytes").asLong()).isGreaterThanOrEqualTo(Files.size(heavy));
      pod.moveTo(here);
    } finally {
      away.pod("layer-source", "rm", shared);
    }
  }

  /** A network filesystem without a network: sshfs on a pipe to its server. */
  @Test
  @Requires(Requirement.SSHFS)
  void layersBehindSshfs_areMountedFromThere() throws Exception {
    Path exported = Files.createDirectory(directory.resolve("exported"));
    Path shared = Files.createDirectory(directory.resolve("shared"));
    here.pod("layer-source", "publish", IMAGE, exported);
    Path pipe = directory.resolve("pipe");
    Command.of("mkfifo", pipe).runOrThrow("make a pipe");
    String script =
        "sshfs -f -o passive,ro any:"
            + exported
            + " "
            + shared
            + " <"
            + pipe
            + " | /usr/lib/openssh/sftp-server >"
            + pipe;
    try (Subprocess server = Command.of("sh", "-c", script).start()) {
      Path file = shared.resolve(heavy.getFileName());
      for (int i = 0; i < 200 && !Files.exists(file); i++) {
        Thread.sleep(50);
      }
      assertThat(file).exists();
      away.pod("layer-source", "add", shared);
      try (TestPod pod = sleeper("mover")) {
        JsonNode report = pod.moveTo(away);
        assertThat(report.path("layerBytes").asLong()).isZero();
        assertThat(pod.exec("sha256sum", "/heavy")).startsWith(sha256());
        pod.moveTo(here);
      } finally {
        away.pod("layer-source", "rm", shared);
        Command.of("fusermount3", "-u", shared).runOrThrow("unmount sshfs");
      }
    }
  }

  private void shareFrom(Path shared) throws Exception {
    here.pod("layer-source", "publish", IMAGE, shared);
    assertThat(shared.resolve(heavy.getFileName())).exists();
    away.pod("layer-source", "add", shared);
  }

  private TestPod sleeper(String name) throws Exception {
    return TestPod.run(here, name, IMAGE, "--network", "none", "--", "sleep", "1000");
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

  private String sha256() throws Exception {
    return Command.of("sha256sum", directory.resolve("content/heavy"))
        .runOrThrow("sha256sum")
        .stdout()
        .substring(0, 64);
  }

  private long total() throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(heavy.getParent())) {
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }

  private List<Path> partial() throws IOException {
    Path partial = away.root().resolve("layers/partial");
    if (!Files.isDirectory(partial)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(partial)) {
      return files.filter(file -> file.getFileName().toString().equals(name())).toList();
    }
  }

  private String name() {
    return heavy.getFileName().toString().replace(".sqfs", "");
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 1);
    }
  }

  /** The files that loop devices show of one host, or of directories that it shares. */
  private List<String> loops(Host host) throws Exception {
    return Command.of("losetup", "--noheadings", "--output", "BACK-FILE")
        .runOrThrow("list loop devices")
        .stdout()
        .lines()
        .map(String::strip)
        .filter(
            file ->
                file.startsWith(host.root().toString()) || file.startsWith(directory.toString()))
        .filter(file -> file.endsWith(".sqfs"))
        .toList();
  }
}
