package io.podkit.fs.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.FileOwners;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.Lower;
import io.podkit.fs.api.MappedFiles;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.api.StagedMounts;
import io.podkit.fs.api.StagingFs;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.api.TreeSource;
import io.podkit.fs.api.TreeTarget;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.TestHost;
import io.podkit.fs.testing.TreeListing;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.FileType;
import io.podkit.linux.PathAt;
import io.podkit.procfs.MountEntry;
import io.podkit.procfs.MountInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Overlays mounted for real. */
@NeedsRoot
class StagingIT {
  private static final StagingName WEB = new StagingName("web");
  private static final StagingName DB = new StagingName("db");

  private TestHost host;
  private StagingFs staging;

  @BeforeEach
  void start() throws Exception {
    host = new TestHost();
    staging = host.files().staging();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try (TestHost last = host) {
      assertThat(last.mounts()).isEmpty();
      assertThat(last.loops()).isEmpty();
    }
  }

  @Test
  void podSeesItsLayersAndWritesToItsUpperDirectory() throws Exception {
    StagingSpec spec = StagingSpec.of(WEB, new Lower.Layers(List.of(layer("a", "etc/a"))));
    staging.create(spec);
    try (MountedRoot root = staging.mount(spec)) {
      assertThat(root.root().resolve("etc/a")).hasContent("etc/a");
      assertThat(root.root().resolve(".pod/init")).isExecutable();
      Files.writeString(root.root().resolve("etc/a"), "changed");
      assertThat(staging.upper(WEB).resolve("etc/a")).hasContent("changed");
      assertThat(options(root.root())).contains("xino=on");
      assertThat(mount(root.root()).options()).contains("nodev").doesNotContain("nosuid");
      assertThat(mount(root.root()).propagation()).isEmpty();
    }
    staging.remove(WEB);
    assertThat(host.dirs().pod(WEB).resolve("upper")).doesNotExist();
  }

  @Test
  void shiftedOwners_areThePodsOwnOnDisk() throws Exception {
    PodFileSystem files =
        PodFileSystem.open(host.dirs(), Path.of(System.getProperty("podkit.init")));
    Path volume = Files.createDirectory(host.scratch("volume"));
    StagingSpec spec =
        StagingSpec.of(WEB, new Lower.Layers(List.of(layer("a", "etc/a"), layer("b", "etc/b"))))
            .ownedBy(FileOwners.SHIFTED)
            .seeing(List.of(volume));
    files.staging().create(spec);
    try (MountedRoot root = files.staging().mount(spec);
        RootedFiles inside = files.rooted(root)) {
      inside.createDirectory("/made", 0755);
      inside.write("/etc/a", new byte[] {1}, 0644);
      for (String name : List.of("made", "etc/a", "etc/b", ".pod/init")) {
        assertThat(owner(root.root().resolve(name))).as(name).isEqualTo(1L << 30);
      }
      for (Path theirs : List.of(root.dev().resolve("null"), root.shm(), root.volume(0))) {
        assertThat(owner(theirs)).as(theirs.toString()).isEqualTo(1L << 30);
      }
      for (String name : List.of("made", "etc/a")) {
        assertThat(owner(files.staging().upper(WEB).resolve(name))).as(name).isZero();
      }
    }
    files.staging().remove(WEB);
    assertThat(host.dirs().podRun(WEB)).doesNotExist();
  }

  private static long owner(Path file) throws Exception {
    return ((Number) Files.getAttribute(file, "unix:uid")).longValue();
  }

  @Test
  void dev_hasTheStandardNodesAndShmItsSize() throws Exception {
    StagingSpec spec =
        new StagingSpec(
            WEB, new Lower.Layers(List.of(layer("a", "f"))), 8 << 20, FileOwners.SAME, List.of());
    staging.create(spec);
    try (MountedRoot root = staging.mount(spec)) {
      for (String node : List.of("null", "zero", "full", "random", "urandom", "tty")) {
        FileStat stat = host.sys().lstat(PathAt.of(root.dev().resolve(node)));
        assertThat(stat.type()).isEqualTo(FileType.CHARACTER_DEVICE);
        assertThat(stat.permissions()).isEqualTo(0666);
      }
      assertThat(Files.readAllBytes(root.dev().resolve("null"))).isEmpty();
      assertThat(root.dev().resolve("ptmx")).isSymbolicLink();
      assertThat(root.dev().resolve("shm")).isDirectory();
      assertThat(mount(root.dev()).options()).contains("nosuid", "noexec");
      assertThat(mount(root.shm()).options()).contains("nosuid", "nodev", "noexec");
      assertThat(Files.getFileStore(root.shm()).getTotalSpace()).isEqualTo(8 << 20);
      assertThat(Files.getAttribute(root.shm(), "unix:mode")).isEqualTo(041777);
    }
  }

  @Test
  void twoPodsOnSharedLayers_mountEachLayerOnce() throws Exception {
    LayerDigest base = layer("base", "etc/base");
    StagingSpec web = stacked(WEB, base, layer("w", "opt/web"));
    StagingSpec db = stacked(DB, base, layer("d", "opt/db"));
    staging.create(web);
    staging.create(db);
    try (MountedRoot one = staging.mount(web);
        MountedRoot two = staging.mount(db)) {
      assertThat(host.loops()).hasSize(3);
      assertThat(one.root().resolve("etc/base")).hasContent("etc/base");
      assertThat(two.root().resolve("etc/base")).hasContent("etc/base");
      assertThat(one.root().resolve("opt/web")).exists();
      assertThat(two.root().resolve("opt/web")).doesNotExist();
    }
  }

  @Test
  void stoppedPod_startsAgainOnTheSameFiles() throws Exception {
    StagingSpec spec = stacked(WEB, layer("base", "etc/base"), layer("w", "opt/web"));
    staging.create(spec);
    try (MountedRoot root = staging.mount(spec)) {
      Files.writeString(root.root().resolve("opt/web"), "one");
      Files.writeString(root.root().resolve("etc/base"), "two");
    }
    assertThat(host.loops()).isEmpty();
    try (MountedRoot root = staging.mount(spec)) {
      assertThat(root.root().resolve("opt/web")).hasContent("one");
      assertThat(root.root().resolve("etc/base")).hasContent("two");
    }
  }

  @Test
  void crashedPod_isUnmountedByTheNextMountOrByName() throws Exception {
    StagingSpec spec = stacked(WEB, layer("base", "etc/base"));
    staging.create(spec);
    staging.mount(spec).detach();
    assertThat(staging.attach(spec)).isPresent();
    staging.mount(spec).detach();
    assertThat(host.mounts()).hasSize(4); // root, dev, shm, one layer
    staging.unmount(WEB);
    staging.unmount(WEB);
    assertThat(staging.attach(spec)).isEmpty();
    assertThat(host.mounts()).isEmpty();
  }

  @Test
  void busyRoot_disappearsAtOnce() throws Exception {
    StagingSpec spec = stacked(WEB, layer("base", "etc/base"));
    staging.create(spec);
    MountedRoot root = staging.mount(spec);
    try (Fd busy = host.sys().open(PathAt.of(root.root().resolve("etc/base")), Set.of(), 0)) {
      root.close();
      assertThat(host.mounts()).isEmpty();
      assertThat(host.sys().fstat(busy).size()).isEqualTo(8);
    }
  }

  @Test
  void missingLayer_leavesNothingMounted() throws Exception {
    LayerDigest missing = new LayerDigest("1".repeat(64));
    StagingSpec spec = stacked(WEB, layer("base", "etc/base"), missing);
    staging.create(spec);
    assertThatThrownBy(() -> staging.mount(spec)).hasMessageContaining("is not on this host");
    assertThat(host.mounts()).isEmpty();
  }

  @Test
  void manyLayers_areStackedAndTooManyRefused() throws Exception {
    List<LayerDigest> layers = new ArrayList<>();
    for (int i = 0; i < 45; i++) { // the paths of 45 would need more than a page
      layers.add(layer("l" + i, "layer-" + i));
    }
    StagingSpec spec = StagingSpec.of(WEB, new Lower.Layers(layers));
    staging.create(spec);
    try (MountedRoot root = staging.mount(spec)) {
      assertThat(root.root().resolve("layer-0")).exists();
      assertThat(root.root().resolve("layer-44")).exists();
    }
  }

  @Test
  void hostDirectory_isNeverWrittenTo() throws Exception {
    Path directory = host.directoryWith("root: with, odd\\name", "etc/a", "original");
    host.sys().chmod(PathAt.of(directory), 0711);
    host.sys().lchown(PathAt.of(directory), 7, 8);
    Map<String, String> before = TreeListing.of(host.sys(), directory);
    StagingSpec spec = StagingSpec.of(WEB, new Lower.HostDirectory(directory));
    staging.create(spec);
    try (MountedRoot root = staging.mount(spec)) {
      FileStat stat = host.sys().lstat(PathAt.of(root.root()));
      assertThat(stat.permissions()).isEqualTo(0711);
      assertThat(stat.uid()).isEqualTo(7);
      host.sys().chmod(PathAt.of(root.root()), 0755);
      Files.writeString(root.root().resolve("etc/a"), "changed");
      Files.delete(root.root().resolve("etc/a"));
    }
    assertThat(TreeListing.of(host.sys(), directory)).isEqualTo(before);
    try (MountedRoot root = staging.mount(spec)) {
      assertThat(host.sys().lstat(PathAt.of(root.root())).permissions()).isEqualTo(0755);
    }
  }

  @Test
  void rootOfTheHost_isAllowedAndItsOwnDirectoryRefused() throws Exception {
    StagingSpec slash = StagingSpec.of(WEB, new Lower.HostDirectory(Path.of("/")));
    staging.create(slash);
    try (MountedRoot root = staging.mount(slash)) {
      assertThat(root.root().resolve("bin/sh")).exists();
    }
    StagingSpec own = StagingSpec.of(WEB, new Lower.HostDirectory(staging.upper(WEB)));
    assertThatThrownBy(() -> staging.mount(own))
        .hasMessageContaining("its own files lie there")
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.REFUSED));
  }

  @Test
  void upperOnAnOverlay_isRefusedWithAHint() throws Exception {
    StagingSpec spec = stacked(WEB, layer("base", "etc/base"));
    staging.create(spec);
    try (MountedRoot outer = staging.mount(spec)) {
      Path inside = Files.createDirectory(outer.root().resolve("state"));
      StagingFs nested =
          new OverlayStaging(
              host.sys(),
              new HostDirs(inside, host.scratch("run2")),
              new FileLayerStore(host::sys, host.dirs(), Path.of("/proc"), Path.of("pod-init")),
              host.scratch("pod-init"));
      assertThatThrownBy(() -> nested.create(spec))
          .isInstanceOf(PodkitException.class)
          .satisfies(
              e -> {
                assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.UNSUPPORTED);
                assertThat(((PodkitException) e).hint()).isNotNull();
              });
      assertThat(inside.resolve("pods/web/upper")).doesNotExist();
    }
  }

  @Test
  void create_refusesANameInUse() throws Exception {
    StagingSpec spec = stacked(WEB, layer("base", "etc/base"));
    staging.create(spec);
    assertThatThrownBy(() -> staging.create(spec))
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.CONFLICT));
    assertThat(staging.upper(WEB).resolve(".pod/init")).exists();
  }

  @Test
  void movedPod_looksTheSameOnTheOtherHost() throws Exception {
    Path base = host.directoryWith("base", "etc/kept", "k");
    Files.createDirectories(base.resolve("gone/dir"));
    Files.writeString(base.resolve("gone/dir/f"), "x");
    Files.createDirectory(base.resolve("opaque"));
    Files.writeString(base.resolve("opaque/hidden"), "x");
    Files.writeString(base.resolve("etc/deleted"), "x");
    LayerDigest layer = host.files().layers().packDirectory(base, ByteListener.NONE);
    LayerDigest second = layer("second", "opt/f");
    StagingSpec spec = stacked(WEB, layer, second);
    staging.create(spec);
    try (TestHost other = new TestHost();
        MountedRoot here = staging.mount(spec)) {
      for (LayerDigest each : List.of(layer, second)) {
        try (var in = host.files().layers().open(each)) {
          other.files().layers().receive(each, in, host.files().layers().size(each));
        }
      }
      StagingFs target = other.files().staging();
      target.createEmpty(spec);
      changeThings(here);
      try (TreeSource source = host.files().trees().source(staging.upper(WEB), TreeKind.UPPER);
          TreeTarget to =
              other
                  .files()
                  .trees()
                  .target(target.upper(WEB), TreeKind.UPPER, TreeLimits.STANDARD)) {
        send(source, to, false);
        Files.writeString(here.root().resolve("etc/kept"), "changed late");
        Files.delete(here.root().resolve("opt/f"));
        send(source, to, true);
      }
      try (StagedMounts staged = target.mountDevices(spec)) {
        copy(host, here.dev(), other, staged.dev(), TreeKind.DEV);
        copy(host, here.shm(), other, staged.shm(), TreeKind.PLAIN);
        try (MountedRoot there = staged.complete()) {
          assertThat(seen(other, there.root())).isEqualTo(seen(host, here.root()));
          assertThat(seen(other, there.dev())).isEqualTo(seen(host, here.dev()));
          assertThat(seen(other, there.shm())).isEqualTo(seen(host, here.shm()));
          assertThat(there.root().resolve("opaque")).isEmptyDirectory();
          assertThat(there.root().resolve("etc/deleted")).doesNotExist();
        }
      }
      assertThat(other.mounts()).isEmpty();
    }
  }

  private void changeThings(MountedRoot pod) throws Exception {
    Path root = pod.root();
    Files.delete(root.resolve("etc/deleted"));
    Files.delete(root.resolve("opaque/hidden"));
    Files.delete(root.resolve("opaque"));
    Files.createDirectory(root.resolve("opaque")); // over a whiteout it becomes opaque
    Files.delete(root.resolve("gone/dir/f"));
    Files.delete(root.resolve("gone/dir"));
    Files.delete(root.resolve("gone"));
    Files.writeString(root.resolve("gone"), "a file now");
    Files.createDirectories(root.resolve("var/lib"));
    Files.writeString(root.resolve("var/lib/a"), "linked");
    Files.createLink(root.resolve("var/lib/b"), root.resolve("var/lib/a"));
    Files.createSymbolicLink(root.resolve("var/lib/l"), Path.of("/etc/passwd"));
    host.sys().mkfifo(PathAt.of(root.resolve("var/fifo")), 0622);
    host.sys().lchown(PathAt.of(root.resolve("var/lib")), 33, 33);
    host.sys().chmod(PathAt.of(root), 0751);
    Files.writeString(pod.shm().resolve("segment"), "shared");
    Files.createDirectory(pod.dev().resolve("disk"));
    host.sys().mkfifo(PathAt.of(pod.dev().resolve("initctl")), 0600);
  }

  private static void send(TreeSource source, TreeTarget target, boolean last) throws Exception {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    if (last) {
      source.lastPass(stream, MappedFiles.NONE);
    } else {
      source.pass(stream, MappedFiles.NONE);
    }
    target.apply(new ByteArrayInputStream(stream.toByteArray()));
  }

  private static void copy(TestHost from, Path source, TestHost to, Path target, TreeKind kind)
      throws Exception {
    try (TreeSource tree = from.files().trees().source(source, kind);
        TreeTarget copy = to.files().trees().target(target, kind, TreeLimits.STANDARD)) {
      send(tree, copy, true);
    }
  }

  /** What a pod can see; holes and inode numbers aside. */
  private static Map<String, String> seen(TestHost host, Path root) throws Exception {
    Map<String, String> lines = new TreeMap<>();
    TreeListing.of(host.sys(), root)
        .forEach((path, line) -> lines.put(path, line.replaceAll(" \\[\\d+,\\d+\\)", "")));
    return lines;
  }

  private StagingSpec stacked(StagingName name, LayerDigest... layers) {
    return StagingSpec.of(name, new Lower.Layers(List.of(layers)));
  }

  private LayerDigest layer(String name, String file) throws Exception {
    Path directory = host.directoryWith("layer-" + name, file, file);
    return host.files().layers().packDirectory(directory, ByteListener.NONE);
  }

  private static MountEntry mount(Path at) throws Exception {
    return MountInfo.self(Path.of("/proc")).at(at).orElseThrow();
  }

  private static List<String> options(Path at) throws Exception {
    return mount(at).superOptions();
  }
}
