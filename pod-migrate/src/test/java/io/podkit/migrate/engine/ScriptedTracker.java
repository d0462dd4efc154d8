package io.podkit.migrate.engine;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.memory.tracking.MemoryTracker;
import io.podkit.migrate.memory.tracking.PageSource;
import io.podkit.migrate.memory.tracking.RunSink;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Finds as many written pages in each round as it was told; each holds something new. */
final class ScriptedTracker implements MemoryTracker, PageSource {
  static final long MEMORY = 0x701;
  static final long BASE = 0x10000;

  private final Deque<Long> dirty = new ArrayDeque<>();
  private final List<String> calls = new ArrayList<>();
  private final Random random = new Random(1);
  private long now;

  /**
   * @param dirtyPages first those that the pod has, then those that are written to during each
   *     round; the last for all rounds that follow
   */
  ScriptedTracker(Long... dirtyPages) {
    dirty.addAll(Arrays.asList(dirtyPages));
    next();
  }

  private void next() {
    Long coming = dirty.poll();
    now = coming == null ? now : coming;
  }

  /** What was asked of it, in order. */
  List<String> calls() {
    return calls;
  }

  private void find(String call, RunSink sink) throws PodkitException {
    calls.add(call);
    if (now > 0) {
      sink.run(this, BASE, now);
    }
    next();
  }

  @Override
  public void round(RunSink sink) throws PodkitException {
    find("round", sink);
  }

  @Override
  public long dirtyPages() {
    return now;
  }

  @Override
  public void plan(Path plan) {
    calls.add("plan");
  }

  @Override
  public void frozen(RunSink sink) throws PodkitException {
    find("frozen", sink);
  }

  @Override
  public MemoryInventory finish(RunSink sink) throws PodkitException {
    find("finish", sink);
    return new MemoryInventory(
        List.of(new MemoryInventory.OfProcess(7, List.of(new PageRun(BASE, 1)))),
        List.of(),
        List.of(),
        List.of());
  }

  @Override
  public List<Long> digests() {
    calls.add("digests");
    return List.of(42L);
  }

  @Override
  public long memory() {
    return MEMORY;
  }

  @Override
  public long read(MemoryRanges ranges, NativeBuffer into) {
    byte[] noise = new byte[(int) ranges.bytes()];
    random.nextBytes(noise);
    into.bytes().put(noise);
    return noise.length;
  }

  @Override
  public List<Untracked> untracked() {
    return List.of();
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public String reason() {
    return "a test";
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
