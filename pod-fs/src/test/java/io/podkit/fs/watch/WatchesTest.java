package io.podkit.fs.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.linux.Errno;
import io.podkit.linux.Fd;
import io.podkit.linux.RecordingSyscalls;
import org.junit.jupiter.api.Test;

/** Where changes can be told of, and where nobody claims it. */
class WatchesTest {
  private final RecordingSyscalls recorded = new RecordingSyscalls();

  @Test
  void overlaysAreSeenThroughSinceLinux65() {
    assertThat(Watches.seesThroughOverlays("6.5.0-1-amd64")).isTrue();
    assertThat(Watches.seesThroughOverlays("6.18.44-fc")).isTrue();
    assertThat(Watches.seesThroughOverlays("7.0")).isTrue();
    assertThat(Watches.seesThroughOverlays("6.4.16")).isFalse();
    assertThat(Watches.seesThroughOverlays("5.15.0-91-generic")).isFalse();
    assertThat(Watches.seesThroughOverlays("")).isFalse();
  }

  @Test
  void beneathAnOverlayOfAnOlderKernel_nothingIsWatched() {
    assertThat(new Watches(recorded.syscalls(), "6.1").begin(root(), true)).isEmpty();
    assertThat(recorded.calls("fanotifyInit")).isEmpty();
  }

  @Test
  void filesystemWithoutHandles_isNotWatchedAndNothingStaysOpen() {
    recorded.fail("fanotifyMarkFilesystem", Errno.EOPNOTSUPP);
    assertThat(new Watches(recorded.syscalls(), "6.5").begin(root(), false)).isEmpty();
    assertThat(recorded.calls("close")).hasSize(recorded.calls("fanotifyInit").size());
  }

  private static Fd root() {
    return new Fd(3, number -> {});
  }
}
