package io.podkit.migrate.memory.tracking;

import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PageCategory;
import io.podkit.linux.PageQuery;
import io.podkit.linux.PageScan;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.procfs.MemoryMapping;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * The questions asked about pages. Categories that the kernel would have to look up for each page
 * are asked for only where they matter: asking for all costs thirty times as much.
 */
final class PageQueries {
  private static final Set<PageCategory> HELD = Set.of(PageCategory.PRESENT, PageCategory.SWAPPED);

  private final Set<PageCategory> neverOurs;

  private PageQueries(Set<PageCategory> neverOurs) {
    this.neverOurs = neverOurs;
  }

  /**
   * Asks this kernel whether it knows guard regions, which look like pages that are swapped out.
   */
  static PageQueries forThisKernel(Syscalls syscalls) throws ErrnoException {
    PageQueries guarded = new PageQueries(Set.of(PageCategory.GUARD));
    PageScan scan = new PageScan(1);
    try (Fd pagemap =
        syscalls.open(PathAt.of(Path.of("/proc/self/pagemap")), Set.of(OpenFlag.READ), 0)) {
      syscalls.scanPages(pagemap, 0, 4096, guarded.query(Set.of(), false, false), scan);
      return guarded;
    } catch (ErrnoException e) {
      if (e.is(Errno.EINVAL)) {
        return new PageQueries(Set.of());
      }
      throw e;
    }
  }

  /** Pages written to since they were last protected, which they are again in the same step. */
  PageQuery written(MemoryMapping mapping, boolean protect) {
    return query(Set.of(PageCategory.WRITTEN), mapping.hasFile() && !mapping.isShared(), protect);
  }

  /**
   * Pages of a private mapping of a file that look swapped out. Where a copy of the process's own
   * was discarded the kernel leaves a mark that the page was protected, and the mark looks like a
   * page that is swapped out and unchanged: in truth it is the file's page again.
   */
  PageQuery perhapsDiscarded() {
    EnumSet<PageCategory> none = EnumSet.of(PageCategory.PRESENT);
    none.addAll(neverOurs);
    return new PageQuery(Set.of(PageCategory.SWAPPED), none, Set.of(), false);
  }

  /** Every page that holds something. */
  PageQuery held(MemoryMapping mapping) {
    return query(Set.of(), mapping.hasFile() && !mapping.isShared(), false);
  }

  private PageQuery query(Set<PageCategory> all, boolean ownOnly, boolean protect) {
    EnumSet<PageCategory> none = EnumSet.noneOf(PageCategory.class);
    none.addAll(neverOurs);
    if (ownOnly) {
      none.add(PageCategory.FILE); // unchanged pages of a file come from the file
    }
    return new PageQuery(all, none, HELD, protect);
  }
}
