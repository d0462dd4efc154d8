package io.podkit.migrate.memory.inventory;

import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageRun;
import java.util.List;

/**
 * Which pages a pod has when it leaves, of those that we carry.
 *
 * @param processes each process's own
 * @param objects what processes share
 * @param hot what was written to last, and will be wanted first; the first of them first
 * @param digests of every process's and object's pages in that order, read again after the last was
 *     sent; empty if nobody wants to verify
 */
public record MemoryInventory(
    List<OfProcess> processes, List<OfObject> objects, List<Hot> hot, List<Long> digests) {
  /** Copies the lists. */
  public MemoryInventory {
    processes = List.copyOf(processes);
    objects = List.copyOf(objects);
    hot = List.copyOf(hot);
    digests = List.copyOf(digests);
    if (!digests.isEmpty() && digests.size() != processes.size() + objects.size()) {
      throw new IllegalArgumentException("not a digest for each memory");
    }
  }

  /** Pages of one memory image that will be wanted first. */
  public record Hot(long memory, PageRun run) {}

  /** The same with other pages to be wanted first. */
  public MemoryInventory hot(List<Hot> first) {
    return new MemoryInventory(processes, objects, first, digests);
  }

  /** The same with digests. */
  public MemoryInventory digests(List<Long> values) {
    return new MemoryInventory(processes, objects, hot, values);
  }

  /**
   * Pages of one process.
   *
   * @param podPid in the pod
   * @param runs ascending
   */
  public record OfProcess(long podPid, List<PageRun> runs) {
    /** Copies the list. */
    public OfProcess {
      runs = List.copyOf(runs);
    }

    /** CRIU's number of its memory image. */
    public long memory() {
      return new MemoryImage(MemoryImage.Kind.TASK, podPid).encoded();
    }
  }

  /**
   * Pages of one shared object.
   *
   * @param id CRIU's number of it
   * @param podPid a process that has it mapped
   * @param start where: address of the mapping's first byte
   * @param end of the mapping
   * @param runs offsets in the object, ascending
   */
  public record OfObject(long id, long podPid, long start, long end, List<PageRun> runs) {
    /** Copies the list. */
    public OfObject {
      runs = List.copyOf(runs);
    }
  }

  /** How many pages. */
  public long pages() {
    long pages = 0;
    for (OfProcess process : processes) {
      pages += process.runs().stream().mapToLong(PageRun::pages).sum();
    }
    for (OfObject object : objects) {
      pages += object.runs().stream().mapToLong(PageRun::pages).sum();
    }
    return pages;
  }
}
