package io.podkit.fs.tree;

import io.podkit.fs.dir.RawPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides what has to be sent: a pure comparison of what the other side has with what is here now.
 *
 * <p>Every change moves an inode's change time, which no program can set. It is compared for
 * equality; and because it advances in steps of some milliseconds, an inode changed within {@link
 * #CLOCK_MARGIN} before a pass or later may have changed again unseen and counts as changed.
 */
final class TreeDelta {

  /** More than the coarsest clock of a filesystem (one second). */
  static final Duration CLOCK_MARGIN = Duration.ofSeconds(1);

  private final TreeManifest before;
  private final TreeManifest now;
  private final List<TreeChange> changes = new ArrayList<>();

  private TreeDelta(TreeManifest before, TreeManifest now) {
    this.before = before;
    this.now = now;
  }

  /**
   * The steps from {@code before}, which the other side has, to {@code now}: deletions, then
   * directories, then everything else; a link after what it links to.
   */
  static List<TreeChange> between(TreeManifest before, TreeManifest now) {
    TreeDelta delta = new TreeDelta(before, now);
    delta.deletions();
    delta.directories();
    delta.others();
    return delta.changes;
  }

  private void deletions() {
    Set<String> gone = new HashSet<>();
    for (TreeEntry old : before.all()) {
      String path = old.path();
      boolean parentGone = !gone.isEmpty() && gone.contains(RawPath.parent(path));
      if (parentGone || before.isGone(old, now)) {
        gone.add(path);
        if (!parentGone) { // within a deleted directory nothing needs a deletion of its own
          changes.add(new TreeChange.Delete(path));
        }
      }
    }
  }

  private void directories() {
    for (TreeEntry entry : now.all()) {
      if (!entry.isDirectory()) {
        continue;
      }
      TreeEntry old = before.find(entry.path());
      boolean exists = entry.path().isEmpty() || (old != null && old.isDirectory());
      if (!exists) {
        changes.add(new TreeChange.Write(TreeChange.Kind.CREATE, entry));
      } else if (old == null || changed(old, entry)) {
        changes.add(new TreeChange.Write(TreeChange.Kind.ATTRIBUTES, entry));
      }
    }
  }

  private void others() {
    Map<Long, List<TreeEntry>> groups = linkGroups();
    Set<Long> done = new HashSet<>();
    for (TreeEntry entry : now.all()) {
      if (entry.isDirectory()) {
        continue;
      }
      List<TreeEntry> group = groups.get(entry.stat().inode());
      if (group == null || !entry.isLinked()) {
        single(entry);
      } else if (done.add(entry.stat().inode())) {
        linked(group);
      }
    }
  }

  private void single(TreeEntry entry) {
    TreeEntry old = before.find(entry.path());
    if (isDirty(old, entry)) {
      changes.add(write(entry));
    }
  }

  /** All names of an inode go together: if one is new or changed, the others are linked to it. */
  private void linked(List<TreeEntry> group) {
    Predicate<TreeEntry> dirty = entry -> isDirty(before.find(entry.path()), entry);
    if (group.stream().noneMatch(dirty)) {
      return;
    }
    TreeEntry leader =
        group.stream().filter(e -> sentBlocks(e) != null).findFirst().orElse(group.get(0));
    TreeEntry old = before.find(leader.path());
    TreeChange change = write(leader);
    changes.add(change);
    for (TreeEntry entry : group) {
      if (!entry.path().equals(leader.path())) {
        boolean already =
            change.kind() == TreeChange.Kind.PATCH
                && areLinkedThere(old, before.find(entry.path()));
        changes.add(new TreeChange.Link(entry, leader.path(), already));
      }
    }
  }

  /** Names that were linked there have one and the same description, down to its times. */
  private static boolean areLinkedThere(@Nullable TreeEntry one, @Nullable TreeEntry other) {
    return one != null && other != null && one.stat().equals(other.stat());
  }

  /** What was sent of the same file before, if it can be compared with what it holds now. */
  private @Nullable Blocks sentBlocks(TreeEntry entry) {
    TreeEntry old = before.find(entry.path());
    if (old == null || old.blocks() == null || !old.sameInodeAndType(entry)) {
      return null;
    }
    return old.blocks().blockSize() == Blocks.sizeFor(entry.stat().size()) ? old.blocks() : null;
  }

  private TreeChange write(TreeEntry entry) {
    Blocks sent = sentBlocks(entry);
    if (sent != null) {
      return new TreeChange.Patch(entry, sent);
    }
    return new TreeChange.Write(TreeChange.Kind.CREATE, entry);
  }

  private boolean isDirty(@Nullable TreeEntry old, TreeEntry entry) {
    if (old == null || changed(old, entry)) {
      return true;
    }
    boolean mayHideStores = !now.timesReliable() && entry.stat().isRegular();
    return mayHideStores && entry.stat().size() > 0;
  }

  /** Whether the inode changed, or may have. */
  private boolean changed(TreeEntry old, TreeEntry entry) {
    return !old.sameInodeAndType(entry)
        || !old.stat().changed().equals(entry.stat().changed())
        || !old.stat().changed().isBefore(old.seen().minus(CLOCK_MARGIN));
  }

  private Map<Long, List<TreeEntry>> linkGroups() {
    Map<Long, List<TreeEntry>> groups = new HashMap<>();
    for (TreeEntry entry : now.all()) {
      if (entry.isLinked()) {
        groups.computeIfAbsent(entry.stat().inode(), inode -> new ArrayList<>()).add(entry);
      }
    }
    return groups;
  }
}
