package io.podkit.migrate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.PodkitException;
import io.podkit.migrate.lock.HostLock;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreezeTurnTest {
  @TempDir Path run;
  private final CancelSwitch cancel = new CancelSwitch();

  @Test
  void oneForEachTwoProcessors() throws Exception {
    try (HostLock first = FreezeTurn.take(run, 4, cancel);
        HostLock second = FreezeTurn.take(run, 4, cancel)) {
      CompletableFuture<HostLock> third = CompletableFuture.supplyAsync(() -> take(4));
      Thread.sleep(100);
      assertThat(third).as("it waits").isNotDone();
      second.close();
      third.get(10, TimeUnit.SECONDS).close();
      assertThat(first).isNotSameAs(second);
    }
  }

  @Test
  void oneProcessorFreezesOneAtATime_andCancellingEndsTheWait() throws Exception {
    try (HostLock held = FreezeTurn.take(run, 1, cancel)) {
      assertThat(held).isNotNull();
      cancel.cancel(PodkitException.cancelled("enough"));
      assertThatThrownBy(() -> FreezeTurn.take(run, 1, cancel)).hasMessageContaining("enough");
    }
  }

  private HostLock take(int processors) {
    try {
      return FreezeTurn.take(run, processors, cancel);
    } catch (PodkitException e) {
      throw new IllegalStateException(e);
    }
  }
}
