package io.podkit.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.linux.Device;
import io.podkit.linux.FileStat;
import io.podkit.linux.FileType;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What has to be sent, decided from two manifests alone. */
class TreeDeltaTest {
  private static final Instant SCAN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LONG_AGO = SCAN.minus(Duration.ofDays(1));
  private static final Blocks BLOCKS = new Blocks.Builder(10).build();

  @Test
  void nothingBefore_everythingIsCreatedDirectoriesFirst() {
    assertThat(
            steps(
                TreeManifest.of(true, Map.of()),
                manifest(root(), file("b", 2), dir("z", 3), file("z/c", 4))))
        .containsExactly("ATTRIBUTES /", "CREATE z", "CREATE b", "CREATE z/c");
  }

  @Test
  void unchanged_nothingIsSent() {
    TreeManifest tree = manifest(root(), dir("a", 2), file("a/f", 3), link("a/l", 4));
    assertThat(steps(tree, tree)).isEmpty();
  }

  @Test
  void changedWithinASecondOfTheScan_countsAsChangedAgain() {
    TreeEntry suspect = at(file("f", 2), SCAN.minus(Duration.ofMillis(900)));
    TreeManifest tree = manifest(root(), suspect);
    assertThat(steps(tree, tree)).containsExactly("PATCH f");
  }

  @Test
  void otherChangeTimeButSameSizeAndTime_onlyOtherBlocksAreSent() {
    TreeManifest before = manifest(root(), file("f", 2));
    TreeManifest now = manifest(root(), at(file("f", 2), SCAN.plusSeconds(5)));
    assertThat(steps(before, now)).containsExactly("PATCH f");
  }

  @Test
  void otherSize_onlyOtherBlocksAreSent() {
    TreeManifest before = manifest(root(), file("f", 2));
    TreeManifest now = manifest(root(), sized(at(file("f", 2), SCAN.plusSeconds(5)), 99));
    assertThat(steps(before, now)).containsExactly("PATCH f");
  }

  @Test
  void sizeThatNeedsOtherBlocks_isSentWhole() {
    TreeManifest before = manifest(root(), file("f", 2));
    TreeManifest now = manifest(root(), sized(at(file("f", 2), SCAN.plusSeconds(5)), 1L << 40));
    assertThat(steps(before, now)).containsExactly("CREATE f");
  }

  @Test
  void otherInodeOfTheSameName_isSent() {
    TreeManifest before = manifest(root(), file("f", 2));
    TreeManifest now = manifest(root(), file("f", 3));
    assertThat(steps(before, now)).containsExactly("CREATE f");
  }

  @Test
  void deletedDirectory_isDeletedOnce() {
    TreeManifest before = manifest(root(), dir("a", 2), dir("a/b", 3), file("a/b/c", 4));
    assertThat(steps(before, manifest(root()))).containsExactly("DELETE a");
  }

  @Test
  void otherType_isDeletedAndCreated() {
    TreeManifest before = manifest(root(), dir("a", 2), file("a/f", 3));
    TreeManifest now = manifest(root(), file("a", 4));
    assertThat(steps(before, now)).containsExactly("DELETE a", "CREATE a");
  }

  @Test
  void directoryMadeAnew_keepsItsPlaceAndGetsAttributes() {
    TreeManifest before = manifest(root(), dir("a", 2), file("a/old", 3));
    TreeManifest now = manifest(root(), dir("a", 9), file("a/new", 8));
    assertThat(steps(before, now)).containsExactly("DELETE a/old", "ATTRIBUTES a", "CREATE a/new");
  }

  @Test
  void linkedNames_goTogetherAfterOneThatMayBeUnchanged() {
    TreeManifest before = manifest(root(), file("b", 2));
    TreeEntry changed = at(linked(file("b", 2)), SCAN.plusSeconds(5));
    TreeManifest now = manifest(root(), sameInode("a", changed), changed, sameInode("c", changed));
    assertThat(steps(before, now)).containsExactly("PATCH b", "LINK a -> b", "LINK c -> b");
  }

  @Test
  void linkedNamesThatTheOtherSideHas_areNotLinkedAgain() {
    TreeEntry first = linked(file("a", 2));
    TreeManifest before = manifest(root(), first, first.named("b"));
    TreeEntry changed = at(first, SCAN.plusSeconds(5));
    TreeManifest now = manifest(root(), changed, changed.named("b"), changed.named("c"));
    assertThat(steps(before, now)).containsExactly("PATCH a", "LINK b -> a already", "LINK c -> a");
  }

  @Test
  void linkedNamesSentApart_areLinkedAgain() {
    TreeEntry first = linked(file("a", 2));
    TreeEntry stale = at(first, LONG_AGO.minusSeconds(9));
    TreeManifest before = manifest(root(), first, stale.named("b"));
    TreeEntry changed = at(first, SCAN.plusSeconds(5));
    TreeManifest now = manifest(root(), changed, changed.named("b"));
    assertThat(steps(before, now)).containsExactly("PATCH a", "LINK b -> a");
  }

  @Test
  void linkedNamesWithoutAnyChange_areNotSent() {
    TreeEntry first = linked(file("a", 2));
    TreeManifest tree = manifest(root(), first, sameInode("b", first));
    assertThat(steps(tree, tree)).isEmpty();
  }

  @Test
  void onTmpfs_everyFileWithContentIsCompared() {
    TreeManifest before = manifest(root(), file("f", 2), sized(file("empty", 3), 0));
    TreeManifest now = new TreeManifest(false, before.entries());
    assertThat(steps(before, now)).containsExactly("PATCH f");
  }

  private static List<String> steps(TreeManifest before, TreeManifest now) {
    return TreeDelta.between(before, now).stream().map(TreeDeltaTest::shown).toList();
  }

  private static String shown(TreeChange change) {
    String path = change.path().isEmpty() ? "/" : change.path();
    String to = change instanceof TreeChange.Link link ? " -> " + link.existing() : "";
    to += change instanceof TreeChange.Link link && link.already() ? " already" : "";
    return change.kind() + " " + path + to;
  }

  private static TreeManifest manifest(TreeEntry... entries) {
    Map<String, TreeEntry> map = new LinkedHashMap<>();
    for (TreeEntry entry : entries) {
      map.put(entry.path(), entry);
    }
    return TreeManifest.of(true, map);
  }

  private static TreeEntry root() {
    return dir("", 1);
  }

  private static TreeEntry dir(String path, long inode) {
    return TreeEntry.of(path, stat(FileType.DIRECTORY, inode, 1, 4096, LONG_AGO), SCAN);
  }

  private static TreeEntry file(String path, long inode) {
    return new TreeEntry(path, stat(FileType.REGULAR, inode, 1, 10, LONG_AGO), SCAN, BLOCKS);
  }

  private static TreeEntry link(String path, long inode) {
    return TreeEntry.of(path, stat(FileType.SYMLINK, inode, 1, 3, LONG_AGO), SCAN);
  }

  private static TreeEntry at(TreeEntry entry, Instant changed) {
    FileStat s = entry.stat();
    return entry.withStat(stat(s.type(), s.inode(), s.links(), s.size(), changed));
  }

  private static TreeEntry sized(TreeEntry entry, long size) {
    FileStat s = entry.stat();
    return entry.withStat(stat(s.type(), s.inode(), s.links(), size, s.changed()));
  }

  private static TreeEntry linked(TreeEntry entry) {
    FileStat s = entry.stat();
    return entry.withStat(stat(s.type(), s.inode(), 2, s.size(), s.changed()));
  }

  private static TreeEntry sameInode(String path, TreeEntry other) {
    return other.named(path);
  }

  private static FileStat stat(FileType type, long inode, long links, long size, Instant changed) {
    return new FileStat(
        new Device(8, 1),
        inode,
        type,
        0644,
        links,
        0,
        0,
        Device.NONE,
        size,
        8,
        LONG_AGO,
        changed,
        LONG_AGO);
  }
}
