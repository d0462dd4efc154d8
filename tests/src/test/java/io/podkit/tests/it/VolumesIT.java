package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.process.CommandResult;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.Move;
import io.podkit.tests.lab.TestPod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes of pods that move between two hosts which have other directories under one name. */
@Requires({Requirement.ROOT, Requirement.POD, Requirement.CRIU})
class VolumesIT {
  private static final int REFUSED = 5;
  private static final int PEER = 6;

  /** All that a tree is, content included, a line for each entry. */
  private static final String LISTING =
      "cd \"$1\" && find . -type d -printf '%p d %m %U %G %T@\\n'"
          + " -o -printf '%p %y %m %U %G %n %s %T@ %l\\n' | sort"
          + " && find . -type f -print0 | sort -z | xargs -0r md5sum"
          + " && getfattr -Rhd -m 'user|trusted|posix' . 2>/dev/null || true";

  private static final String CONTENT =
      """
      cd "$1" && mkdir -p sub/deep && echo one >file && ln file sub/twin && ln -s ../file sub/link
      truncate -s 1M sparse && echo end >>sparse && mkfifo pipe && chmod 4711 sub/twin
      chown 33:44 sub && chown -h 5:6 sub/link && chmod 1770 sub && touch -d '2001-02-03 04:05:06.123456789' file sub
      setfattr -n user.note -v kept file 2>/dev/null || true
      """;

  private static Lab lab;

  @BeforeAll
  static void up() throws Exception {
    String directory =
        Objects.requireNonNullElse(System.getenv("PODKIT_LAB_DIR"), "/var/lib/podkit-lab-it");
    lab = Lab.upApart(Path.of(directory + "-apart"), List.of("hostA", "hostB"));
    Files.createDirectories(lab.shared());
  }

  @AfterAll
  static void down() {
    if (lab != null) {
      lab.close();
    }
  }

  private static TestPod sleeper(String name, Object... options) throws Exception {
    List<Object> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("--", "sleep", "infinity"));
    return TestPod.run(lab.hostA(), name, lab.images().of("base"), words.toArray());
  }

  @CanIgnoreReturnValue
  private static String on(Host host, String script, Object... words) throws Exception {
    List<Object> all = new ArrayList<>(List.of("bash", "-c", script, "bash"));
    all.addAll(List.of(words));
    CommandResult result = host.exec(all.toArray()).run();
    assertThat(result.success()).as(result.stderr()).isTrue();
    return result.stdout();
  }

  /** A place of its own on either host, with content on the first. */
  private static Path place(String name) throws Exception {
    Path place = lab.own().resolve(name);
    on(lab.hostA(), "mkdir -p \"$1\"", place);
    on(lab.hostA(), CONTENT, place);
    return place;
  }

  private static String listing(Host host, Path place) throws Exception {
    return on(host, LISTING, place);
  }

  /** Nothing of Podkit's own is left beside a place or in it. */
  private static void expectClean() throws Exception {
    for (Host host : List.of(lab.hostA(), lab.hostB())) {
      assertThat(on(host, "find \"$1\" -name '.podkit-*'", lab.own())).isEmpty();
    }
  }

  private static void remove(Path... places) throws Exception {
    for (Host host : List.of(lab.hostA(), lab.hostB())) {
      for (Path place : places) {
        on(host, "umount \"$1\" 2>/dev/null; rm -rf \"$1\"", place);
      }
    }
  }

  private static void expectAction(JsonNode report, String destination, String action) {
    for (JsonNode volume : report.path("volumes")) {
      if (volume.path("destination").asText().equals(destination)) {
        assertThat(volume.path("action").asText()).as(volume.toString()).isEqualTo(action);
        return;
      }
    }
    throw new AssertionError("no volume " + destination + " in " + report);
  }

  private static CommandResult expectRefused(TestPod pod, Host target, String why, Object... words)
      throws Exception {
    List<Object> all = new ArrayList<>(List.of("migrate", pod.name(), target.address()));
    all.addAll(List.of(words));
    CommandResult result = pod.home().tryPod(all.toArray());
    assertThat(result.status().shellCode()).as(result.stderr()).isEqualTo(REFUSED);
    assertThat(result.stderr()).contains(why).contains("hint: ").doesNotContain("Exception");
    assertThat(pod.inspect().path("state").asText()).isEqualTo("running");
    return result;
  }

  /** The named ones, and those paths that are still there. */
  private static JsonNode volumes(Host host) throws Exception {
    return new ObjectMapper().readTree(host.pod("volume", "ls", "-o", "json")).path("volumes");
  }

  @Test
  void aPrivateDirectoryTravelsThereAndBackWithAllItIs() throws Exception {
    Path place = place("tree");
    try (TestPod pod = sleeper("tree", "-v", place + ":/data")) {
      String before = listing(lab.hostA(), place);
      expectAction(pod.moveTo(lab.hostB()), "/data", "copy");
      assertThat(listing(lab.hostB(), place)).isEqualTo(before);
      assertThat(lab.hostA().pod("volume", "ls")).contains(place.toString()).contains("tree, ");

      pod.exec("sh", "-c", "echo two >/data/file; rm /data/pipe; mkdir /data/new");
      String changed = listing(lab.hostB(), place);
      expectAction(pod.moveTo(lab.hostA()), "/data", "replace");
      assertThat(listing(lab.hostA(), place)).isEqualTo(changed);
      assertThat(lab.hostA().pod("volume", "ls")).doesNotContain(place.toString());
      assertThat(volumes(lab.hostB()).path(0).at("/left/pod").asText()).isEqualTo("tree");
      expectClean();
    }
    remove(place);
  }

  /** What writes to its volume all the time finds every line there, in its order. */
  @Test
  void aWriterLosesNothing() throws Exception {
    Path place = place("written");
    // In place and in one write: killed anywhere, it leaves a whole number.
    String writer =
        "exec 3>>/data/log; for ((i = 1; ; i++)); do echo $i >&3;"
            + " printf '%08d\\n' $i 1<>/etc/motd; sleep 0.01; done";
    on(lab.hostA(), "echo 00000000 >\"$1\"", place + ".conf");
    try (TestPod pod =
        TestPod.run(
            lab.hostA(),
            "writer",
            lab.images().of("base"),
            "-v",
            place + ":/data",
            "-v",
            place + ".conf:/etc/motd:private",
            "--",
            "bash",
            "-c",
            writer)) {
      for (Host target : List.of(lab.hostB(), lab.hostA(), lab.hostB())) {
        pod.moveTo(target);
        Thread.sleep(200);
      }
      pod.home().pod("stop", "-t", "0", "writer");
      String log = on(lab.hostB(), "cat \"$1/log\"", place);
      long lines = log.lines().count();
      assertThat(lines).isGreaterThan(50);
      assertThat(log.lines().map(Long::parseLong))
          .isEqualTo(LongStream.rangeClosed(1, lines).boxed().toList());
      String last = on(lab.hostB(), "cat \"$1\"", place + ".conf").strip();
      assertThat(Long.parseLong(last)).isBetween(lines - 1, lines);
    }
    remove(place, Path.of(place + ".conf"));
  }

  /** A disk of its own under the volume: nothing can be renamed onto that. */
  @Test
  void aMountPointIsFilledInPlace() throws Exception {
    Path place = place("disk");
    on(lab.hostB(), "mkdir -p \"$1\" && mount -t tmpfs disk \"$1\"", place);
    on(lab.hostB(), "mkdir \"$1/lost+found\"", place);
    try (TestPod pod = sleeper("disk", "-v", place + ":/data")) {
      String before = listing(lab.hostA(), place);
      expectAction(pod.moveTo(lab.hostB()), "/data", "copy");
      on(lab.hostB(), "rmdir \"$1/lost+found\"; touch -r \"$1/file\" \"$1\"", place);
      on(lab.hostA(), "touch -r \"$1/file\" \"$1\"", place);
      assertThat(listing(lab.hostB(), place).lines().skip(1).toList())
          .isEqualTo(before.lines().skip(1).toList());
      // Changed times of the top are no change of the content.
      pod.moveTo(lab.hostA());
      pod.exec("sh", "-c", "rm -r /data/sub; echo three >/data/file");
      expectAction(pod.moveTo(lab.hostB()), "/data", "replace");
      assertThat(on(lab.hostB(), "cat \"$1/file\"; ls \"$1\"", place))
          .isEqualTo("three\nfile\npipe\nsparse\n");
      expectClean();
    }
    remove(place);
  }

  @ParameterizedTest
  @ValueSource(strings = {"directory", "mount"})
  void otherContentGivesWayOnlyWhenToldAndOnlyToAPodThatRuns(String kind) throws Exception {
    Path place = place("conflict");
    on(lab.hostB(), "mkdir -p \"$1\"", place);
    if (kind.equals("mount")) {
      on(lab.hostB(), "mount -t tmpfs other \"$1\"", place);
    }
    on(lab.hostB(), CONTENT + "\necho theirs >file; chmod 750 .", place);
    on(lab.hostB(), "touch -d '2002-02-03 04:05:06.5' \"$1\"", place);
    String theirs = listing(lab.hostB(), place);
    try (TestPod pod = sleeper("conflict", "-v", place + ":/data:private")) {
      expectRefused(pod, lab.hostB(), "other content");
      assertThat(listing(lab.hostB(), place)).isEqualTo(theirs);
      for (String fault :
          List.of(
              "target:first-tree:kill",
              "target:before-resume:throw",
              "target:owned-recorded:kill")) {
        restartAgent(fault);
        try (Move move = Move.start(pod.home(), pod.name(), lab.hostB(), "", replacing())) {
          lab.hostB().awaitFault(move);
          if (fault.endsWith("kill")) {
            restartAgent("");
          }
          assertThat(move.await().status()).as(fault).isNotZero();
        }
        restartAgent("");
        assertThat(listing(lab.hostB(), place)).as(fault).isEqualTo(theirs);
        assertThat(pod.inspect().path("state").asText()).as(fault).isEqualTo("running");
        assertThat(lab.hostB().podNames()).as(fault).isEmpty();
        expectClean();
      }
      expectAction(pod.moveTo(lab.hostB(), replacing()), "/data", "replace");
      assertThat(on(lab.hostB(), "cat \"$1/file\"", place)).isEqualTo("one\n");
      expectClean();
    }
    remove(place);
  }

  private static Object[] replacing() {
    return new Object[] {"--volume-conflict", "replace"};
  }

  private static void restartAgent(String fault) throws Exception {
    lab.hostB().killAgent();
    lab.hostB().startAgent(fault);
  }

  /** Killed when the pod runs there already: the agent's next start removes what gave way. */
  @Test
  void whatGaveWayIsRemovedAfterACrash() throws Exception {
    Path place = place("tidy");
    on(lab.hostB(), "mkdir -p \"$1\" && echo theirs >\"$1/x\"", place);
    TestPod pod = sleeper("tidy", "-v", place + ":/data");
    try {
      restartAgent("target:before-committed:kill");
      try (Move move = Move.start(pod.home(), pod.name(), lab.hostB(), "", replacing())) {
        lab.hostB().awaitFault(move);
        restartAgent("");
        assertThat(move.await().status()).isZero();
      }
      assertThat(lab.hostB().podNames()).containsExactly("tidy");
      assertThat(on(lab.hostB(), "ls \"$1\"", place)).isEqualTo("file\npipe\nsparse\nsub\n");
      expectClean();
    } finally {
      pod.home().tryPod("rm", "-f", "tidy"); // whichever of them has it
      lab.hostB().tryPod("rm", "-f", "tidy");
    }
    remove(place);
  }

  @Test
  void aLinkLostInTheMiddleOfAPassLeavesNothing() throws Exception {
    Path place = place("cut");
    Host away = lab.hostB();
    on(lab.hostA(), "head -c 24M /dev/urandom >\"$1/large\"", place);
    try (TestPod pod = sleeper("cut", "-v", place + ":/data")) {
      try (Move move = Move.start(pod.home(), pod.name(), away, "", "--bandwidth", "8M")) {
        while (on(away, "find \"$1\" -name large -size +4M", lab.own()).isEmpty()) {
          assertThat(move.isUnderWay()).isTrue();
          Thread.sleep(20);
        }
        away.link(false);
        Move.End end = move.await();
        assertThat(end.status()).as(end.said()).isEqualTo(PEER);
      } finally {
        away.link(true);
      }
      assertThat(pod.inspect().path("state").asText()).isEqualTo("running");
      for (int i = 0; i < 1500 && !away.recordedState("cut").isEmpty(); i++) {
        Thread.sleep(20); // until the target has noticed
      }
      expectClean();
      assertThat(on(away, "ls -d \"$1\" || true", place)).isEmpty();
      String before = listing(lab.hostA(), place);
      expectAction(pod.moveTo(away), "/data", "copy");
      assertThat(listing(away, place)).isEqualTo(before);
    }
    remove(place);
  }

  @Test
  void aFullDiskEndsTheMoveAndLeavesThePodWhereItIs() throws Exception {
    Path place = place("full");
    on(lab.hostA(), "for i in {1..40}; do echo $i >\"$1/$i\"; done", place);
    on(lab.hostB(), "mkdir -p \"$1\" && mount -t tmpfs -o nr_inodes=20,size=40m d \"$1\"", place);
    try (TestPod pod = sleeper("full", "-v", place + ":/data")) {
      CommandResult result = pod.tryMoveTo(lab.hostB());
      assertThat(result.success()).isFalse();
      assertThat(result.stderr()).contains("No space left on device").doesNotContain("Exception");
      assertThat(pod.inspect().path("state").asText()).isEqualTo("running");
      assertThat(on(lab.hostB(), "ls -A \"$1\"", place)).isEmpty();
      on(lab.hostA(), "fallocate -l 50M \"$1/large\"", place);
      expectRefused(pod, lab.hostB(), "MiB");
      expectClean();
    }
    remove(place);
  }

  @Test
  void sharedStorageIsProvenAndNeverCopied() throws Exception {
    Path shared = Files.createDirectories(lab.shared().resolve("web"));
    Files.writeString(shared.resolve("conf"), "shared");
    Path separate = place("separate");
    try (TestPod pod =
        sleeper(
            "sharing",
            "-v",
            shared + ":/web:shared",
            "-v",
            shared + ":/ro:ro",
            "-v",
            shared + "/conf:/etc/motd:shared,ro")) {
      JsonNode report = pod.moveTo(lab.hostB());
      for (String destination : List.of("/web", "/ro", "/etc/motd")) {
        expectAction(report, destination, "shared");
      }
      assertThat(pod.inspect().at("/volumes/0/sharing").asText()).isEqualTo("shared");
    }
    try (TestPod pod = sleeper("insisting", "-v", separate + ":/data:shared")) {
      expectRefused(pod, lab.hostB(), "not the same storage there");
    }
    try (TestPod pod = sleeper("insisting", "-v", shared + ":/data:private")) {
      expectRefused(pod, lab.hostB(), "the same storage on both hosts");
    }
    assertThat(shared.toFile().list()).containsExactly("conf");
    remove(separate);
  }

  @Test
  void readOnlyContentIsComparedOrCopiedOnce() throws Exception {
    Path place = place("ro");
    try (TestPod pod = sleeper("ro", "-v", place + ":/ro:ro")) {
      expectAction(pod.moveTo(lab.hostB()), "/ro", "copy");
      expectAction(pod.moveTo(lab.hostA()), "/ro", "equal");
      on(lab.hostB(), "echo changed >\"$1/file\"", place);
      expectRefused(pod, lab.hostB(), "other content");
      CommandResult check =
          lab.hostA().tryPod("check", "--time", "100ms", "ro", lab.hostB().address());
      assertThat(check.status().shellCode()).isEqualTo(REFUSED);
      assertThat(check.stdout()).contains("/ro").contains("refused").contains("--volume-conflict");
    }
    remove(place);
  }

  @Test
  void namedVolumesGoWithTheirPods() throws Exception {
    Host a = lab.hostA();
    Host b = lab.hostB();
    a.pod("volume", "create", "--label", "team=db", "kept");
    // One is made on first use, with what the image has there.
    try (TestPod pod = sleeper("named", "-v", "fresh:/etc", "-v", "kept:/var/kept:private")) {
      assertThat(pod.exec("ls", "/etc")).contains("passwd");
      pod.exec("sh", "-c", "echo mine >/var/kept/x; chown 33 /var/kept");
      assertThat(a.tryPod("volume", "rm", "-f", "kept").status().shellCode()).isEqualTo(4);
      JsonNode report = pod.moveTo(b);
      expectAction(report, "/etc", "copy");
      expectAction(report, "/var/kept", "copy");
      assertThat(pod.exec("sh", "-c", "cat /var/kept/x; stat -c %u /var/kept; ls /etc"))
          .startsWith("mine\n33\n")
          .contains("passwd");
      assertThat(volumes(a)).isEmpty();
      assertThat(volumes(b).path(1).at("/labels/team").asText()).isEqualTo("db");

      a.pod("volume", "create", "kept");
      pod.moveTo(a); // an empty one is in nobody's way
      TestPod other =
          TestPod.create(a, "other", lab.images().of("base"), "-v", "kept:/k", "--", "true");
      try (other) {
        pod.moveTo(b);
        assertThat(a.pod("volume", "inspect", "kept")).contains("\"unchanged\" : true");
        expectRefused(pod, a, "volume of pod other");
      }
      pod.moveTo(a);
    }
    assertThat(a.pod("volume", "prune")).startsWith("fresh\nkept\n");
    assertThat(volumes(b)).isEmpty();
    expectClean();
  }

  @Test
  void twoPodsWithOnePrivateVolumeStayTogether() throws Exception {
    Path place = place("common");
    try (TestPod one = sleeper("one", "-v", place + ":/data");
        TestPod two = sleeper("two", "-v", place + "/sub:/data:ro")) {
      assertThat(expectRefused(one, lab.hostB(), "volume of pod two").stderr()).contains(":shared");
      two.home().pod("stop", "-t", "0", "two");
      one.moveTo(lab.hostB());
    }
    remove(place);
  }

  @Test
  void ownersAreThePodsOnBothHosts() throws Exception {
    Path place = place("owners");
    try (TestPod pod =
        sleeper("owners", "--cap-add", "ALL", "-v", place + ":/data", "-v", "own:/own")) {
      pod.exec("sh", "-c", "touch /own/x /data/y; chown 33:33 /own/x");
      String before = pod.exec("sh", "-c", "cd /data; find . /own -printf '%p %U %G\\n' | sort");
      assertThat(before).contains("./sub 33 44").contains("/own/x 33 33").contains("./y 0 0");
      for (Host target : List.of(lab.hostB(), lab.hostA())) {
        pod.moveTo(target);
        assertThat(pod.exec("sh", "-c", "cd /data; find . /own -printf '%p %U %G\\n' | sort"))
            .isEqualTo(before);
        assertThat(on(target, "stat -c '%u %g' \"$1/sub\" \"$1/y\"", place))
            .isEqualTo("33 44\n0 0\n");
      }
    }
    lab.hostA().pod("volume", "rm", "own");
    remove(place);
  }

  @Test
  void whatTheHostHasReplacedIsNotSentInItsPlace() throws Exception {
    Path place = place("gone");
    try (TestPod pod = sleeper("gone", "-v", place + ":/data")) {
      on(lab.hostA(), "mv \"$1\" \"$1.moved\"", place);
      expectRefused(pod, lab.hostB(), "is not what the pod sees there");
      on(lab.hostA(), "mv \"$1.moved\" \"$1\"", place);
      pod.moveTo(lab.hostB());
    }
    remove(place);
  }
}
