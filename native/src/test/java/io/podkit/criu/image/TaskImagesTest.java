package io.podkit.criu.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.MessageLite;
import io.podkit.criu.proto.CoreEntry;
import io.podkit.criu.proto.FdinfoEntry;
import io.podkit.criu.proto.MmEntry;
import io.podkit.criu.proto.RegistersAarch64;
import io.podkit.criu.proto.RegistersX86;
import io.podkit.criu.proto.ThreadInfoAarch64;
import io.podkit.criu.proto.ThreadInfoX86;
import io.podkit.criu.proto.VmaEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What completing a dump reads of each task's images. */
class TaskImagesTest {
  private static final int MM = 0x57492820;
  private static final int CORE = 0x55053847;
  private static final int FDINFO = 0x56213732;

  @TempDir Path images;

  private void write(String name, int magic, MessageLite... records) throws IOException {
    ImageRecords.write(images.resolve(name), ImageRecords.COMMON, magic, List.of(records));
  }

  private static VmaEntry area(int flags, int status) {
    return VmaEntry.newBuilder()
        .setStart(0x1000)
        .setEnd(0x3000)
        .setShmid(0)
        .setFlags(flags)
        .setStatus(status)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "0x22, 0x201, true, true", // anonymous, private
    "0x122, 0x201, true, true", // a stack that grows
    "0x2022, 0x201, true, false", // locked
    "0x40022, 0x201, true, false", // huge pages
    "0x2, 0x41, true, false", // private, of a file
    "0x22, 0x209, true, false", // vdso
    "0x22, 0x1201, true, false", // vvar
    "0x22, 0x4, false, false", // vsyscall
    "0x1, 0x21, false, false", // shared, of a file
    "0x21, 0x101, false, false", // shared, anonymous
    "0x22, 0x200, false, false" // what CRIU does not restore as a mapping
  })
  void area_isRestoredByItsKind(String flags, String status, boolean holdsPages, boolean lazy)
      throws IOException {
    write(
        "mm-7.img",
        MM,
        MmEntry.newBuilder().addVmas(area(Integer.decode(flags), Integer.decode(status))).build());
    assertThat(MappedArea.read(images, 7))
        .containsExactly(new MappedArea(0x1000, 0x3000, holdsPages, lazy));
  }

  @Test
  void taskWithoutMemory_isToldFromADamagedImage() throws IOException {
    assertThatThrownBy(() -> MappedArea.read(images, 7)).isInstanceOf(NoSuchFileException.class);
    write("mm-7.img", MM);
    assertThatThrownBy(() -> MappedArea.read(images, 7)).isInstanceOf(ImageFormatException.class);
    write("mm-7.img", CORE, MmEntry.getDefaultInstance());
    assertThatThrownBy(() -> MappedArea.read(images, 7)).isInstanceOf(ImageFormatException.class);
    write("mm-7.img", MM, FdinfoEntry.newBuilder().setFd(1).build());
    assertThat(MappedArea.read(images, 7)).isEmpty();
    write("mm-7.img", MM, MmEntry.newBuilder().addVmas(area(0x22, 0x201)).build());
    Path file = images.resolve("mm-7.img");
    byte[] whole = Files.readAllBytes(file);
    whole[14]++;
    Files.write(file, whole);
    assertThatThrownBy(() -> MappedArea.read(images, 7)).isInstanceOf(ImageFormatException.class);
  }

  private static CoreEntry x86(long sp) {
    RegistersX86 registers = RegistersX86.newBuilder().setSp(sp).build();
    return CoreEntry.newBuilder().setX86(ThreadInfoX86.newBuilder().setGpregs(registers)).build();
  }

  @Test
  void stacks_areThePagesOfAllThreads() throws IOException {
    assertThat(ThreadStacks.pages(images)).isEmpty();
    write("core-1.img", CORE, x86(0x7ffc00001238L));
    write("core-2.img", CORE, x86(0x7f0000001000L));
    write("core-3.img", CORE, x86(0x7f0000000fffL));
    RegistersAarch64 registers = RegistersAarch64.newBuilder().setSp(0x4567).build();
    write(
        "core-4.img",
        CORE,
        CoreEntry.newBuilder()
            .setAarch64(ThreadInfoAarch64.newBuilder().setGpregs(registers))
            .build());
    write("core-5.img", CORE, CoreEntry.getDefaultInstance()); // a zombie
    assertThat(ThreadStacks.pages(images))
        .containsExactly(0x4000L, 0x7f0000000000L, 0x7f0000001000L, 0x7ffc00001000L);
  }

  @Test
  void highestDescriptor_ofAllTasks() throws IOException {
    assertThat(OpenFiles.highest(images)).isEqualTo(-1);
    write("fdinfo-2.img", FDINFO);
    assertThat(OpenFiles.highest(images)).isEqualTo(-1);
    write(
        "fdinfo-2.img",
        FDINFO,
        FdinfoEntry.newBuilder().setFd(0).build(),
        FdinfoEntry.newBuilder().setFd(1023).build());
    write("fdinfo-3.img", FDINFO, FdinfoEntry.newBuilder().setFd(7).build());
    assertThat(OpenFiles.highest(images)).isEqualTo(1023);
    write("fdinfo-4.img", FDINFO, FdinfoEntry.newBuilder().setFd(-1).build());
    assertThat(OpenFiles.highest(images)).isEqualTo(0xffffffffL);
  }

  @Test
  void damagedImages_areTypedErrors() throws IOException {
    write("core-1.img", CORE, x86(0x7ffc00001238L));
    write("fdinfo-2.img", FDINFO, FdinfoEntry.newBuilder().setFd(1023).build());
    for (String name : List.of("core-1.img", "fdinfo-2.img")) {
      Path file = images.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int length = 0; length < whole.length; length++) {
        Files.write(file, Arrays.copyOf(whole, length));
        if (length != 8) { // without a record
          assertThatThrownBy(
                  () -> {
                    ThreadStacks.pages(images);
                    OpenFiles.highest(images);
                  })
              .isInstanceOf(ImageFormatException.class);
        }
      }
      Files.delete(file);
    }
  }
}
