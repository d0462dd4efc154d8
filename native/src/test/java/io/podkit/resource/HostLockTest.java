package io.podkit.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLockTest {
  @TempDir Path directory;

  @Test
  void oneHolderAtATime() throws Exception {
    Path file = directory.resolve("a/b.lock");
    try (HostLock held = HostLock.tryTake(file)) {
      assertThat(held).isNotNull();
      assertThat(HostLock.tryTake(file)).isNull();
      assertThatThrownBy(() -> HostLock.take(file, Duration.ofMillis(50), "write"))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT))
          .hasMessageContaining("cannot write");
    }
    try (HostLock again = HostLock.take(file, Duration.ZERO, "write")) {
      assertThat(again).isNotNull();
    }
  }
}
