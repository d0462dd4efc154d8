package io.podkit.migrate.memory.tracking;

import io.podkit.core.api.PodProcess;
import io.podkit.core.api.PodProcesses;
import io.podkit.criu.PageFilter;
import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.PageQuery;
import io.podkit.linux.PageScan;
import io.podkit.linux.Syscalls;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.procfs.MemoryMapping;
import io.podkit.resource.UndoStack;
import io.podkit.userfault.UserfaultLender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tracks writes by userfaultfd, write-protect-async, and PAGEMAP_SCAN: the kernel notes a write by
 * itself, so that nobody's death can stop the pod. docs/memory.md has the traps that shaped it:
 * mappings are registered only while the pod stands still, and a scan never asks whether a whole
 * range is tracked.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/mm/userfaultfd.html">userfaultfd</a>, since
 *     Linux 6.7
 */
final class WriteProtectTracker implements MemoryTracker {
  /** The pod is not stopped for less than this: what is not tracked comes with the last round. */
  private static final long WORTH_A_STOP = 4L << 20;

  private static final int RUNS_A_SCAN = 4096;

  private final Syscalls syscalls;
  private final PodProcesses pod;
  private final UserfaultLender lender;
  private final PageQueries queries;
  private final PageScan scan = new PageScan(RUNS_A_SCAN);
  private final Map<Long, AddressSpace> spaces = new TreeMap<>();
  private final Map<SharedObject.Key, SharedObject> objects = new HashMap<>();
  private final Map<AddressSpace, List<Carried>> carried = new HashMap<>();

  private @Nullable MemoryInventory inventory;
  private List<Untracked> untracked = List.of();

  /** A mapping that we carry in the end, and whether it was tracked until then. */
  private record Carried(MemoryMapping mapping, boolean tracked) {}

  WriteProtectTracker(
      Syscalls syscalls, PodProcesses pod, UserfaultLender lender, PageQueries queries) {
    this.syscalls = syscalls;
    this.pod = pod;
    this.lender = lender;
    this.queries = queries;
  }

  @Override
  public String name() {
    return "wp-async";
  }

  @Override
  public String reason() {
    return "the kernel has userfaultfd write-protect-async and PAGEMAP_SCAN";
  }

  @Override
  public void round(RunSink sink) throws PodkitException {
    try {
      lookAtProcesses();
      for (AddressSpace space : spaces.values()) {
        space.track(lender);
      }
      registerMappings();
      for (AddressSpace space : spaces.values()) {
        scanRunning(space, sink);
      }
      for (SharedObject object : objects.values()) {
        object.sendWritten(sink);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Processes come and go; those that stay may have been replaced by another program. */
  private void lookAtProcesses() throws PodkitException, IOException {
    Map<Long, AddressSpace> known = new HashMap<>(spaces);
    spaces.clear();
    for (PodProcess process : pod.list()) {
      AddressSpace space = known.remove(process.pid().value());
      if (space == null || !space.process().equals(process)) {
        close(space);
        space = new AddressSpace(syscalls, process);
      }
      if (space.refresh()) {
        spaces.put(process.pid().value(), space);
      } else {
        space.close();
      }
    }
    for (AddressSpace gone : known.values()) {
      gone.close();
    }
  }

  private static void close(@Nullable AddressSpace space) throws PodkitException {
    if (space != null) {
      space.close();
    }
  }

  private void registerMappings() throws PodkitException, IOException {
    List<AddressSpace> wanting = new ArrayList<>();
    for (AddressSpace space : spaces.values()) {
      if (space.untracked() == null && untrackedBytes(space) >= WORTH_A_STOP) {
        wanting.add(space);
      }
    }
    if (wanting.isEmpty()) {
      return;
    }
    try (UndoStack stopped = new UndoStack("let the pod go on")) {
      stopped.push("resume it", pod::resume);
      pod.stop();
      for (AddressSpace space : wanting) {
        registerStopped(space);
      }
    }
  }

  private long untrackedBytes(AddressSpace space) throws ErrnoException {
    long bytes = 0;
    for (MemoryMapping mapping : space.mappings()) {
      if (MappingKind.of(mapping) != MappingKind.LEFT_TO_CRIU && !space.isTracked(mapping, scan)) {
        bytes += mapping.length();
      }
    }
    return bytes;
  }

  private void registerStopped(AddressSpace space) throws IOException {
    if (!space.refresh()) {
      return;
    }
    for (MemoryMapping mapping : space.mappings()) {
      if (MappingKind.of(mapping) != MappingKind.LEFT_TO_CRIU && !space.isTracked(mapping, scan)) {
        space.track(mapping);
      }
    }
  }

  private void scanRunning(AddressSpace space, RunSink sink) throws PodkitException, IOException {
    for (MemoryMapping mapping : space.mappings()) {
      MappingKind kind = MappingKind.of(mapping);
      if (kind == MappingKind.LEFT_TO_CRIU || !space.isTracked(mapping, scan)) {
        continue;
      }
      PageQuery written = queries.written(mapping, true);
      if (kind == MappingKind.PRIVATE) {
        scan(space, mapping, written, sink);
      } else {
        scanShared(space, mapping, written);
      }
    }
  }

  @Override
  public long dirtyPages() throws PodkitException {
    long[] pages = {0};
    try {
      for (AddressSpace space : spaces.values()) {
        for (MemoryMapping mapping : space.mappings()) {
          if (MappingKind.of(mapping) != MappingKind.LEFT_TO_CRIU) {
            boolean tracked = space.isTracked(mapping, scan);
            PageQuery query = tracked ? queries.written(mapping, false) : queries.held(mapping);
            scan(space, mapping, query, (source, address, count) -> pages[0] += count);
          }
        }
      }
      return pages[0];
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void scanShared(AddressSpace space, MemoryMapping mapping, PageQuery query)
      throws PodkitException, IOException {
    SharedObject object;
    try {
      object = object(space, mapping);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ESRCH)) {
        return; // unmapped since, or ended
      }
      throw e;
    }
    scan(
        space,
        mapping,
        query,
        (source, address, pages) ->
            object.written(mapping, address, address + pages * PageRun.PAGE_SIZE));
  }

  private SharedObject object(AddressSpace space, MemoryMapping mapping) throws ErrnoException {
    SharedObject known = objects.get(SharedObject.Key.of(mapping));
    if (known == null) {
      SharedObject.Place place = new SharedObject.Place(space.process().podPid(), mapping);
      known = SharedObject.open(syscalls, space.pid(), place);
      objects.put(known.key(), known);
    }
    return known;
  }

  private void scan(AddressSpace space, MemoryMapping mapping, PageQuery query, RunSink found)
      throws PodkitException, ErrnoException {
    long at = mapping.start();
    while (at < mapping.end()) {
      if (!scanPart(space, at, mapping.end(), query)) {
        return;
      }
      int count = scan.count();
      at = scan.walkEnd();
      for (int i = 0; i < count; i++) {
        found.run(space, scan.start(i), (scan.end(i) - scan.start(i)) / PageRun.PAGE_SIZE);
      }
      if (count == 0 && at < mapping.end()) {
        return; // the mapping is not there any more
      }
    }
  }

  /** False if the process has ended. */
  private boolean scanPart(AddressSpace space, long start, long end, PageQuery query)
      throws ErrnoException {
    try {
      syscalls.scanPages(space.pagemap(), start, end, query, scan);
      return true;
    } catch (ErrnoException e) {
      if (e.is(Errno.ESRCH)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void plan(Path plan) throws PodkitException {
    try {
      lookAtProcesses();
      carried.clear();
      List<PageFilter.Range> ranges = new ArrayList<>();
      Map<SharedObject.Key, SharedObject> mapped = new HashMap<>();
      for (AddressSpace space : spaces.values()) {
        List<Carried> ours = new ArrayList<>();
        for (MemoryMapping mapping : space.mappings()) {
          MappingKind kind = MappingKind.of(mapping);
          if (kind == MappingKind.PRIVATE) {
            ours.add(new Carried(mapping, space.isTracked(mapping, scan) || space.track(mapping)));
            ranges.add(new PageFilter.Range(space.pid(), mapping.start(), mapping.end()));
          } else if (kind == MappingKind.OBJECT) {
            SharedObject object = object(space, mapping);
            if (!object.isSealed()) {
              mapped.put(object.key(), object.at(space.process().podPid(), mapping));
            }
          }
        }
        carried.put(space, ours);
      }
      for (SharedObject object : List.copyOf(objects.values())) {
        if (!mapped.containsKey(object.key())) {
          objects.remove(object.key());
          object.close();
        }
      }
      untracked = findUntracked();
      PageFilter.write(
          plan,
          ranges,
          mapped.keySet().stream()
              .map(key -> new PageFilter.SharedObject(key.major(), key.minor(), key.inode()))
              .toList());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void frozen(RunSink sink) throws PodkitException {
    try {
      for (Map.Entry<AddressSpace, List<Carried>> entry : carried.entrySet()) {
        for (Carried ours : entry.getValue()) {
          PageQuery query =
              ours.tracked() ? queries.written(ours.mapping(), true) : queries.held(ours.mapping());
          scan(entry.getKey(), ours.mapping(), query, sink);
          if (ours.tracked() && ours.mapping().hasFile()) {
            scan(entry.getKey(), ours.mapping(), queries.perhapsDiscarded(), sink);
          }
        }
      }
      // A process that has ended may have written to them, and so may write(2): only their contents
      // tell. What the target has already is not sent again.
      for (SharedObject object : objects.values()) {
        object.sendAll(sink);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public MemoryInventory finish(RunSink sink) throws PodkitException {
    try {
      List<MemoryInventory.OfProcess> processes = new ArrayList<>();
      for (Map.Entry<AddressSpace, List<Carried>> entry : carried.entrySet()) {
        AddressSpace space = entry.getKey();
        List<PageRun> held = new ArrayList<>();
        for (Carried ours : entry.getValue()) {
          sendWhatCriuChanged(space, ours, sink);
          scan(
              space,
              ours.mapping(),
              queries.held(ours.mapping()),
              (source, address, pages) -> held.add(new PageRun(address, pages)));
        }
        processes.add(new MemoryInventory.OfProcess(space.process().podPid(), held));
      }
      inventory = new MemoryInventory(processes, inventoryOfObjects(), List.of(), List.of());
      return inventory;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * CRIU pokes a system call into code for a moment, and a private copy of that page stays; the
   * code it has a task run makes the kernel write to the task's own data.
   */
  private void sendWhatCriuChanged(AddressSpace space, Carried ours, RunSink sink)
      throws PodkitException, IOException {
    PageQuery changed =
        ours.tracked() ? queries.written(ours.mapping(), false) : queries.held(ours.mapping());
    scan(space, ours.mapping(), changed, sink);
  }

  private List<MemoryInventory.OfObject> inventoryOfObjects()
      throws PodkitException, ErrnoException {
    List<MemoryInventory.OfObject> all = new ArrayList<>();
    for (SharedObject object : objects.values()) {
      List<PageRun> runs = new ArrayList<>();
      object.sendAll((source, offset, pages) -> runs.add(new PageRun(offset, pages)));
      SharedObject.Place place = object.place();
      all.add(
          new MemoryInventory.OfObject(
              object.key().inode(),
              place.podPid(),
              place.mapping().start(),
              place.mapping().end(),
              runs));
    }
    return all;
  }

  @Override
  public List<Long> digests() throws PodkitException {
    MemoryInventory listed = inventory;
    if (listed == null) {
      throw new IllegalStateException("finish comes first");
    }
    Map<Long, PageSource> sources = new HashMap<>();
    carried.keySet().forEach(space -> sources.put(space.memory(), space));
    objects.values().forEach(object -> sources.put(object.memory(), object));
    return SourceDigests.of(listed, sources);
  }

  @Override
  public List<Untracked> untracked() {
    return untracked;
  }

  private List<Untracked> findUntracked() {
    List<Untracked> all = new ArrayList<>();
    for (AddressSpace space : spaces.values()) {
      String why = space.untracked();
      if (why != null) {
        long bytes =
            space.mappings().stream()
                .filter(mapping -> MappingKind.of(mapping) == MappingKind.PRIVATE)
                .mapToLong(MemoryMapping::length)
                .sum();
        all.add(new Untracked(space.toString(), bytes, why));
      }
    }
    return all;
  }

  private static PodkitException failed(IOException e) {
    return PodkitException.io("cannot follow what the pod writes to its memory", e);
  }

  @Override
  public void close() throws PodkitException {
    try (UndoStack open = new UndoStack("stop tracking the pod's memory")) {
      for (SharedObject object : objects.values()) {
        open.push("close shared memory", object::close);
      }
      for (AddressSpace space : spaces.values()) {
        open.push("stop tracking " + space, space::close);
      }
      open.push("end the lender", lender::close);
    }
    spaces.clear();
    objects.clear();
  }
}
