package io.podkit.fs.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerFormatTest {
  @TempDir Path directory;

  @Test
  void squashfs_isToldByItsMagicAndIsWholeUpToItsLength() throws Exception {
    ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0, 0x73717368).putLong(40, 4000);
    assertThat(LayerFormat.of(write(file, 4096))).contains(LayerFormat.SQUASHFS);
    assertThat(LayerFormat.of(write(file, 4000))).contains(LayerFormat.SQUASHFS);
    assertThat(LayerFormat.of(write(file, 3999))).isEmpty();
    assertThat(LayerFormat.of(write(file, 10))).isEmpty();
  }

  @Test
  void erofs_isToldByItsMagicAndIsWholeUpToItsBlocks() throws Exception {
    ByteBuffer file = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(1024, 0xe0f5e1e2).put(1024 + 12, (byte) 12).putInt(1024 + 36, 2);
    assertThat(LayerFormat.of(write(file, 8192))).contains(LayerFormat.EROFS);
    assertThat(LayerFormat.of(write(file, 8191))).isEmpty();
  }

  @Test
  void otherFiles_areNone() throws Exception {
    assertThat(LayerFormat.of(write(ByteBuffer.allocate(8192), 8192))).isEmpty();
    assertThat(LayerFormat.of(write(ByteBuffer.allocate(8192), 0))).isEmpty();
    ByteBuffer impossible = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    impossible.putInt(0, 0x73717368).putLong(40, -1);
    assertThat(LayerFormat.of(write(impossible, 4096))).isEmpty();
  }

  private Path write(ByteBuffer content, int length) throws Exception {
    byte[] bytes = new byte[length];
    content.duplicate().get(0, bytes, 0, length);
    return Files.write(directory.resolve("file"), bytes);
  }
}
