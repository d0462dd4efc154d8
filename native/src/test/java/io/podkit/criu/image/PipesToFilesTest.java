package io.podkit.criu.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.podkit.criu.proto.FdinfoEntry;
import io.podkit.criu.proto.FileEntry;
import io.podkit.criu.proto.PipeEntry;
import io.podkit.criu.proto.RegFileEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipesToFilesTest {
  private static final int FILES = 0x56303138;
  private static final int FDINFO = 0x56213732;
  private static final ByteString OWNER = ByteString.copyFrom(new byte[] {8, 0, 16, 0});

  @TempDir Path images;

  @BeforeEach
  void dump() throws IOException {
    write("files.img", FILES, pipe(4, 77), pipe(5, 78), root());
    write("fdinfo-2.img", FDINFO, descriptor(1, 2, 4), descriptor(3, 2, 5), descriptor(4, 1, 4));
  }

  @Test
  void anOuterPipe_becomesAFileAtTheEndOfWhichIsWritten() throws IOException {
    assertThat(PipesToFiles.replace(images, Map.of(77L, "/.pod/stdout", 99L, "/other"))).isOne();

    List<FileEntry> files = new ArrayList<>();
    for (ByteBuffer record : ImageRecords.read(images.resolve("files.img"), FILES)) {
      files.add(FileEntry.parseFrom(record));
    }
    RegFileEntry file =
        RegFileEntry.newBuilder()
            .setId(4)
            .setFlags(02001)
            .setPos(0)
            .setFown(OWNER)
            .setName(ByteString.copyFromUtf8("/.pod/stdout"))
            .setMntId(-7)
            .build();
    assertThat(files)
        .containsExactly(
            FileEntry.newBuilder().setType(1).setId(4).setReg(file).build(), pipe(5, 78), root());
    List<FdinfoEntry> descriptors = new ArrayList<>();
    for (ByteBuffer record : ImageRecords.read(images.resolve("fdinfo-2.img"), FDINFO)) {
      descriptors.add(FdinfoEntry.parseFrom(record));
    }
    assertThat(descriptors)
        .containsExactly(descriptor(1, 1, 4), descriptor(3, 2, 5), descriptor(4, 1, 4));
  }

  @Test
  void otherPipes_stay() throws IOException {
    assertThat(PipesToFiles.replace(images, Map.of(79L, "/.pod/stdout"))).isZero();
    assertThat(PipesToFiles.replace(images.resolve("nowhere"), Map.of())).isZero();
  }

  @Test
  void withoutARootNobodyKnowsWhereAFileLies() throws IOException {
    write("files.img", FILES, pipe(4, 77));
    assertThatThrownBy(() -> PipesToFiles.replace(images, Map.of(77L, "/.pod/stdout")))
        .isInstanceOf(ImageFormatException.class);
  }

  private void write(String name, int magic, MessageLite... records) throws IOException {
    ImageRecords.write(images.resolve(name), ImageRecords.COMMON, magic, List.of(records));
  }

  private static FileEntry pipe(int id, int inode) {
    PipeEntry pipe =
        PipeEntry.newBuilder().setId(id).setPipeId(inode).setFlags(1).setFown(OWNER).build();
    return FileEntry.newBuilder().setType(2).setId(id).setPipe(pipe).build();
  }

  private static FileEntry root() {
    RegFileEntry root =
        RegFileEntry.newBuilder()
            .setId(9)
            .setFlags(0)
            .setPos(0)
            .setFown(OWNER)
            .setName(ByteString.copyFromUtf8("/"))
            .setMntId(-7)
            .build();
    return FileEntry.newBuilder().setType(1).setId(9).setReg(root).build();
  }

  private static FdinfoEntry descriptor(int fd, int type, int id) {
    return FdinfoEntry.newBuilder().setFd(fd).setType(type).setId(id).build();
  }
}
