package io.podkit.migrate.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.error.PodkitException;
import io.podkit.linux.MemoryRanges;
import io.podkit.linux.NativeBuffer;
import io.podkit.migrate.api.DirtyPoint;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.memory.tracking.MemoryTracker;
import io.podkit.migrate.memory.tracking.PageSource;
import io.podkit.migrate.memory.tracking.RunSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirtyWatchTest {
  private long now = 1_000_000_000;

  /** Of a process that has 100 pages and writes to one a millisecond. */
  private final class WritingPod implements MemoryTracker, PageSource {
    private static final long UNTRACKED = 5;
    private long protectedAt;
    private int rounds;

    @Override
    public List<Long> digests() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void round(RunSink sink) throws PodkitException {
      rounds++;
      sink.run(this, 0, 60);
      sink.run(this, 1 << 20, 40);
      protectedAt = now;
    }

    @Override
    public long dirtyPages() {
      return UNTRACKED + (now - protectedAt) / 1_000_000;
    }

    @Override
    public String name() {
      return "test";
    }

    @Override
    public String reason() {
      return "test";
    }

    @Override
    public void plan(Path plan) {
      throw new AssertionError("nothing is frozen");
    }

    @Override
    public void frozen(RunSink sink) {
      throw new AssertionError("nothing is frozen");
    }

    @Override
    public MemoryInventory finish(RunSink sink) {
      throw new AssertionError("nothing is frozen");
    }

    @Override
    public List<Untracked> untracked() {
      return List.of();
    }

    @Override
    public void close() {}

    @Override
    public long memory() {
      return 1;
    }

    @Override
    public long read(MemoryRanges ranges, NativeBuffer into) {
      throw new AssertionError("nothing is read");
    }
  }

  @Test
  void oneRound_isLookedAtAfterEverLongerTimes() throws PodkitException {
    WritingPod pod = new WritingPod();
    DirtyWatch.Seen seen =
        new DirtyWatch(pod, () -> now, until -> now = until).watch(Duration.ofMillis(160));
    assertThat(pod.rounds).isEqualTo(1);
    assertThat(seen.memoryBytes()).isEqualTo(105 * 4096L);
    assertThat(seen.curve())
        .containsExactly(point(10), point(20), point(40), point(80), point(160));
  }

  private static DirtyPoint point(long millis) {
    return new DirtyPoint(Duration.ofMillis(millis), (5 + millis) * 4096);
  }
}
