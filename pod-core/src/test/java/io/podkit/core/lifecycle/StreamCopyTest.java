package io.podkit.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.RootedFiles;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamCopyTest {
  @TempDir Path pod;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private RootedFiles files() throws Exception {
    return PodFileSystem.open(HostDirs.standard(), Path.of("/none")).rooted(pod);
  }

  @Test
  void copyTo_followsTheFile() throws Exception {
    Path log = Files.writeString(pod.resolve("stdout"), "old\n");
    try (RootedFiles files = files();
        StreamCopy all = StreamCopy.of(files, "/", "stdout", true);
        StreamCopy fresh = StreamCopy.of(files, "/", "stdout", false)) {
      assertThat(all.copyTo(out)).isTrue();
      assertThat(fresh.copyTo(out)).isFalse();
      Files.writeString(log, "new\n", StandardOpenOption.APPEND);
      assertThat(fresh.copyTo(out)).isTrue();
    }
    assertThat(out).hasToString("old\nnew\n");
  }

  @Test
  void copyTo_ofAMissingFileIsEmpty() throws Exception {
    try (RootedFiles files = files();
        StreamCopy errors = StreamCopy.of(files, "/", "stderr", true)) {
      assertThat(errors.copyTo(out)).isFalse();
    }
    assertThat(out.size()).isZero();
  }
}
