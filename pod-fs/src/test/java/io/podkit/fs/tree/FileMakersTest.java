package io.podkit.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.fs.api.TreeKind;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Syscalls;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is handed over is done before anybody goes on, and no failure of it is lost. */
class FileMakersTest {
  @TempDir Path directory;

  private final Syscalls sys = JnrSyscalls.load();

  private interface Body {
    void with(FileMakers makers) throws Exception;
  }

  private void withMakers(Body body) throws Exception {
    try (DirCursor root = DirCursor.open(sys, directory);
        FileMakers makers = new FileMakers(sys, TreeKind.PLAIN, root, new TreeRemover(sys))) {
      body.with(makers);
    }
  }

  @Test
  void awaiting_returnsWhenAllIsDone() throws Exception {
    AtomicInteger done = new AtomicInteger();
    withMakers(
        makers -> {
          for (int i = 0; i < 200; i++) {
            makers.make("f" + i, maker -> done.incrementAndGet());
          }
          makers.await();
          assertThat(done).hasValue(200);
        });
  }

  @Test
  void anError_isThrownToWhoeverWaits() throws Exception {
    withMakers(
        makers -> {
          makers.make(
              "f",
              maker -> {
                throw new OutOfMemoryError("no more threads, say");
              });
          assertThatThrownBy(makers::await).isInstanceOf(OutOfMemoryError.class);
          assertThatThrownBy(() -> makers.make("g", maker -> {}))
              .isInstanceOf(OutOfMemoryError.class);
        });
  }

  @Test
  void oneName_isDoneInOrder() throws Exception {
    Queue<Character> order = new ConcurrentLinkedQueue<>();
    withMakers(
        makers -> {
          for (char c = 'a'; c <= 'z'; c++) {
            char name = c;
            makers.make("f", maker -> order.add(name));
          }
          makers.await();
        });
    assertThat(List.copyOf(order)).hasSize(26).isSorted();
  }
}
