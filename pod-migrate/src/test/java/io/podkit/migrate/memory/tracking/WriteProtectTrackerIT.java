package io.podkit.migrate.memory.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.core.api.PodProcess;
import io.podkit.core.api.PodProcesses;
import io.podkit.criu.image.PageRun;
import io.podkit.linux.Fd;
import io.podkit.linux.FdChannel;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PageScan;
import io.podkit.linux.PathAt;
import io.podkit.linux.PosixSpawner;
import io.podkit.linux.SpawnSpec;
import io.podkit.linux.SpawnedChild;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.userfault.UserfaultLender;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tracker on one real process, which stands still by itself while it waits. Needs root. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WriteProtectTrackerIT {
  private static final Path NATIVE = Path.of("../native/target").toAbsolutePath().normalize();
  private static final int PAGES = 8192;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final JnrSyscalls sys = JnrSyscalls.load();
  private final PosixSpawner spawner = new PosixSpawner(sys);
  private final SpawnedChild child;
  private final BufferedReader answers;
  private final long start;
  private final MemoryTracker tracker;
  private int stops;

  @TempDir Path directory;

  WriteProtectTrackerIT() throws IOException {
    SpawnSpec spec = SpawnSpec.of(NATIVE.resolve("test-c/pages"), PAGES).pipeStdin().pipeStdout();
    child = spawner.spawn(spec);
    FdChannel channel = new FdChannel(sys, child.stdout(), PATIENCE);
    answers =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    start = Long.parseLong(answers.readLine(), 16);
    tracker =
        new WriteProtectTracker(
            sys,
            new OneProcess(),
            new UserfaultLender(sys, spawner, NATIVE.resolve("pod-init")),
            PageQueries.forThisKernel(sys));
  }

  @AfterEach
  void end() throws Exception {
    tracker.close();
    child.close();
  }

  private final class OneProcess implements PodProcesses {
    @Override
    public List<PodProcess> list() {
      return List.of(new PodProcess(child.pid(), 7));
    }

    @Override
    public boolean canStop() {
      return true;
    }

    @Override
    public void stop() {
      stops++;
    }

    @Override
    public void resume() {
      stops--;
    }

    @Override
    public long cpuNanos() {
      return 0;
    }
  }

  private void obey(String order) throws IOException {
    byte[] line = (order + "\n").getBytes(StandardCharsets.UTF_8);
    sys.write(child.stdin(), ByteBuffer.allocateDirect(line.length).put(line).flip());
    assertThat(answers.readLine()).isEqualTo("ok");
  }

  /** Collects the pages of the block, by number. */
  private RunSink into(Set<Long> pages) {
    return (source, address, count) -> add(pages, new PageRun(address, count));
  }

  private void add(Set<Long> pages, PageRun run) {
    for (long at = run.address(); at < run.end(); at += PageRun.PAGE_SIZE) {
      if (at >= start && at < start + (long) PAGES * PageRun.PAGE_SIZE) {
        pages.add((at - start) / PageRun.PAGE_SIZE);
      }
    }
  }

  private Set<Long> round() throws Exception {
    Set<Long> found = new TreeSet<>();
    tracker.round(into(found));
    assertThat(stops).as("the pod goes on").isZero();
    return found;
  }

  @Test
  void rounds_findEverythingOnce_thenWhatWasWrittenTo() throws Exception {
    assertThat(round()).hasSize(PAGES - 1);
    assertThat(round()).isEmpty();
    obey("write 3 100");
    obey("write 8191 7"); // the last page, which held nothing
    obey("check 9 10");
    assertThat(tracker.dirtyPages()).isGreaterThanOrEqualTo(2);
    assertThat(round()).containsExactly(3L, 8191L);
    assertThat(round()).isEmpty();
  }

  @Test
  void end_findsTheRest_andKnowsWhatThePodHas() throws Exception {
    round();
    obey("unmap 5");
    obey("write 4 1");
    obey("write 6 2");
    obey("protect 6");
    tracker.plan(directory.resolve("plan"));
    Set<Long> last = new TreeSet<>();
    tracker.frozen(into(last));
    MemoryInventory inventory = tracker.finish(into(last));

    assertThat(last).contains(4L, 6L).hasSizeLessThan(100);
    Set<Long> had = new TreeSet<>();
    assertThat(inventory.processes()).hasSize(1);
    assertThat(inventory.processes().get(0).podPid()).isEqualTo(7);
    inventory.processes().get(0).runs().forEach(run -> add(had, run));
    assertThat(had).hasSize(PAGES - 2).doesNotContain(5L, PAGES - 1L);
    assertThat(directory.resolve("plan")).isNotEmptyFile();
  }

  @Test
  void close_leavesNoTracking() throws Exception {
    round();
    tracker.close();
    Path pagemap = Path.of("/proc", child.pid().toString(), "pagemap");
    try (Fd open = sys.open(PathAt.of(pagemap), Set.of(OpenFlag.READ_WRITE), 0)) {
      assertThat(sys.isTracked(open, start, new PageScan(1))).isFalse();
    }
    obey("write 3 100");
    obey("check 3 100");
  }
}
