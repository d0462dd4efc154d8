package io.podkit.tests.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.process.CommandResult;
import io.podkit.tests.junit.Requirement;
import io.podkit.tests.junit.Requires;
import io.podkit.tests.lab.Host;
import io.podkit.tests.lab.Lab;
import io.podkit.tests.lab.SharedLab;
import io.podkit.tests.lab.StateDisk;
import io.podkit.tests.lab.TestPod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hosts whose state lies on different filesystems: the pod sees the same, or does not go there. */
@Requires({
  Requirement.ROOT,
  Requirement.POD,
  Requirement.CRIU,
  Requirement.SERVERS,
  Requirement.FILESYSTEMS
})
class DifferentDisksIT {
  /** Inodes: enough to try what a disk can, too few for the pod. */
  private static final int FEW = 12;

  private static final String FILES = Workload.PROGRAMS + "many_files.py";
  private static final int REFUSED = 5;

  @RegisterExtension static final SharedLab LAB = new SharedLab();

  private interface Maker {
    StateDisk on(Host host, Path root) throws Exception;
  }

  @Test
  void toXfsAndBack() throws Exception {
    thereAndBack((host, at) -> StateDisk.make(host, at, "1G", "", "mkfs.xfs", "-q", "-f"));
  }

  @Test
  void toXfsWithoutReflinkAndBack() throws Exception {
    thereAndBack(
        (host, at) ->
            StateDisk.make(host, at, "1G", "", "mkfs.xfs", "-q", "-f", "-m", "reflink=0"));
  }

  @Test
  void toBtrfsAndBack() throws Exception {
    thereAndBack((host, at) -> StateDisk.make(host, at, "1G", "", "mkfs.btrfs", "-q", "-f"));
  }

  @Test
  void toExt4OfSmallBlocksAndBack() throws Exception {
    thereAndBack((host, at) -> StateDisk.make(host, at, "1G", "", "mkfs.ext4", "-q", "-b", "1024"));
  }

  @Test
  void toTmpfsAndBack() throws Exception {
    thereAndBack((host, at) -> StateDisk.tmpfs(host, at, "size=2g"));
  }

  private static void thereAndBack(Maker maker) throws Exception {
    Lab lab = LAB.get();
    Host away = lab.hostB();
    try (StateDisk disk = maker.on(away, away.root());
        TestPod pod = pod(lab, "acl")) {
      String before = pod.exec("python3", FILES, "show", "/data");
      assertThat(before).contains("user.note", "sparse", "group0", "/data/socket");
      pod.moveTo(away);
      assertThat(pod.exec("python3", FILES, "show", "/data")).isEqualTo(before);
      pod.moveTo(lab.hostA());
      assertThat(pod.exec("python3", FILES, "show", "/data")).isEqualTo(before);
      assertThat(lab.remainsOn(away)).isEmpty();
    }
  }

  @Test
  void withoutAccessControlLists_aPodThatHasOneStaysHere() throws Exception {
    refused(
        "acl",
        "keeps no access control list attributes",
        (host, at) -> StateDisk.make(host, at, "1G", "noacl", "mkfs.btrfs", "-q", "-f"));
  }

  @Test
  void withoutAccessControlLists_aPodThatHasNoneGoes() throws Exception {
    Lab lab = LAB.get();
    Host away = lab.hostB();
    try (StateDisk disk =
            StateDisk.make(away, away.root(), "1G", "noacl", "mkfs.btrfs", "-q", "-f");
        TestPod pod = pod(lab, "plain")) {
      pod.moveTo(away);
      pod.moveTo(lab.hostA());
    }
  }

  @Test
  void withTooFewInodes_thePodStaysHere() throws Exception {
    refused(
        "plain",
        "inodes",
        (host, at) -> StateDisk.tmpfs(host, at, "size=2g,nr_inodes=" + (entries(at) + FEW)));
  }

  /** What is there takes an inode each. */
  private static long entries(Path directory) throws Exception {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.count();
    }
  }

  private static void refused(String kind, String why, Maker maker) throws Exception {
    Lab lab = LAB.get();
    Host away = lab.hostB();
    try (TestPod pod = pod(lab, kind);
        StateDisk disk = maker.on(away, away.root())) {
      CommandResult result = pod.tryMoveTo(away);
      assertThat(result.status().shellCode()).as(result.stderr()).isEqualTo(REFUSED);
      assertThat(result.stderr()).contains("error: ").contains(why).contains("hint: ");
      assertThat(pod.inspect().path("state").asText()).isEqualTo("running");
      assertThat(away.podNames()).doesNotContain(pod.name());
      assertThat(lab.remainsOn(away)).isEmpty();
    }
  }

  private static TestPod pod(Lab lab, String kind) throws Exception {
    TestPod pod =
        TestPod.run(
            lab.hostA(),
            "archive",
            lab.images().of("python"),
            "--network",
            "none",
            "--",
            "python3",
            FILES,
            "wait",
            "/data");
    pod.awaitLog("ready");
    pod.exec("python3", FILES, "make", "/data", kind);
    return pod;
  }
}
