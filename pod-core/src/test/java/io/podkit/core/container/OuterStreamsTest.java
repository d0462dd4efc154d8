package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OuterStreamsTest {
  @TempDir Path proc;

  private void open(long pid, int descriptor, String what) throws IOException {
    Path open = Files.createDirectories(proc.resolve(Long.toString(pid)).resolve("fd"));
    Files.createSymbolicLink(open.resolve(Integer.toString(descriptor)), Path.of(what));
  }

  @Test
  void pipesToTheMonitor_getTheFilesOfAPod() throws IOException {
    open(5, 8, "pipe:[10]");
    open(5, 9, "pipe:[11]");
    open(7, 0, "/dev/null");
    open(7, 1, "pipe:[10]");
    open(7, 2, "pipe:[11]");
    open(7, 3, "pipe:[12]");
    OuterStreams streams = OuterStreams.of(proc, 5, List.of(7L, 8L));
    assertThat(streams.files())
        .containsExactlyInAnyOrderEntriesOf(Map.of(10L, "/.pod/stdout", 11L, "/.pod/stderr"));
    assertThat(streams.input()).isFalse();
  }

  @Test
  void aProcessThatEndsWhileItIsReadHasNone() {
    assertThat(
            OuterStreams.hasEnded(new FileSystemException("/proc/7/fd", null, "No such process")))
        .isTrue();
    assertThat(OuterStreams.hasEnded(new NoSuchFileException("/proc/7/fd/1"))).isTrue();
    assertThat(OuterStreams.hasEnded(new FileSystemException("/proc/7/fd", null, "Too many")))
        .isFalse();
    assertThat(OuterStreams.hasEnded(new FileSystemException("/proc/7/fd"))).isFalse();
  }

  @Test
  void errorsThatGoTheWayOfOutput_goThereStill() throws IOException {
    open(5, 8, "pipe:[10]");
    open(7, 0, "pipe:[10]");
    open(7, 1, "pipe:[10]");
    open(7, 2, "pipe:[10]");
    OuterStreams streams = OuterStreams.of(proc, 5, List.of(7L));
    assertThat(streams.files()).isEqualTo(Map.of(10L, "/.pod/stdout"));
    assertThat(streams.input()).isTrue();
  }
}
