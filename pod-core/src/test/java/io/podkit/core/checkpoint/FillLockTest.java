package io.podkit.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.linux.Fd;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 50, unit = TimeUnit.SECONDS)
class FillLockTest {
  private static final PodName POD = new PodName("web");

  private final JnrSyscalls sys = JnrSyscalls.load();

  @TempDir Path directory;

  private Fd held() throws Exception {
    Path file = Files.createFile(directory.resolve("fill.lock"));
    Fd lock = sys.open(PathAt.of(file), Set.of(OpenFlag.READ_WRITE), 0);
    assertThat(sys.tryLock(lock, true)).isTrue();
    return lock;
  }

  @Test
  void podThatWasNeverFilled_waitsForNothing() throws Exception {
    FillLock.awaitFree(POD, directory);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void lockThatNobodyHolds_isFree() throws Exception {
    held().close();
    FillLock.awaitFree(POD, directory);
    FillLock.awaitFree(POD, directory);
  }

  @Test
  void heldLock_isWaitedFor() throws Exception {
    try (Fd lock = held()) {
      CompletableFuture<Long> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  FillLock.awaitFree(POD, directory);
                  return System.nanoTime();
                } catch (PodkitException e) {
                  throw new IllegalStateException(e);
                }
              });
      Thread.sleep(200);
      assertThat(waiting).isNotDone();
      long released = System.nanoTime();
      lock.close(); // as the kernel does when the filler ends
      assertThat(waiting.get(20, TimeUnit.SECONDS)).isGreaterThan(released);
    }
  }

  @Test
  void interrupt_endsTheWait() throws Exception {
    try (Fd lock = held()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> FillLock.awaitFree(POD, directory))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(sys.tryLock(lock, true)).isTrue();
    }
  }
}
