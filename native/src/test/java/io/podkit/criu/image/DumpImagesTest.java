package io.podkit.criu.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.podkit.criu.proto.FileEntry;
import io.podkit.criu.proto.RemapFilePathEntry;
import io.podkit.criu.proto.TimerfdEntry;
import io.podkit.linux.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Podkit reads and writes in the images of a dump. */
class DumpImagesTest {

  private static final int FILES = 0x56303138;
  private static final int REMAPS = 0x59133954;

  @TempDir Path images;

  @Test
  void expiredPeriodicTimer_isGivenAnIntervalAndNothingElseChanges() throws IOException {
    FileEntry expired = timer(timer(2, 0).setIsec(3).setInsec(5));
    FileEntry ticking = timer(timer(1, 7).setIsec(3).setInsec(5));
    FileEntry once = timer(timer(1, 0).setIsec(0).setInsec(0));
    FileEntry disarmed = timer(timer(0, 0).setIsec(3).setInsec(0));
    ImageRecords.write(
        images.resolve("files.img"),
        ImageRecords.COMMON,
        FILES,
        List.of(expired, ticking, once, disarmed));

    assertThat(ExpiredTimers.rearm(images)).isOne();

    assertThat(files())
        .containsExactly(
            expired.toBuilder().setTfd(expired.getTfd().toBuilder().setVsec(3).setVnsec(5)).build(),
            ticking,
            once,
            disarmed);
    assertThat(ExpiredTimers.rearm(images)).isZero();
  }

  @Test
  void noFiles_noTimers() throws IOException {
    assertThat(ExpiredTimers.rearm(images)).isZero();
    assertThat(LinkRemaps.existIn(images)).isFalse();
  }

  @Test
  void linkRemap_isToldFromOtherRemaps() throws IOException {
    writeRemaps(remap(1));
    assertThat(LinkRemaps.existIn(images)).isFalse();
    writeRemaps(remap(1), remap(0));
    assertThat(LinkRemaps.existIn(images)).isTrue();
  }

  @Test
  void damagedImage_isAnError() throws IOException {
    writeRemaps(remap(1));
    Path file = images.resolve("remap-fpath.img");
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 10, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> LinkRemaps.existIn(images)).isInstanceOf(ImageFormatException.class);
    }
    Files.move(file, images.resolve("files.img"));
    assertThatThrownBy(() -> ExpiredTimers.rearm(images)).isInstanceOf(ImageFormatException.class);
  }

  @Test
  void irmapCache_isWhatCriuReads() throws IOException {
    byte[] path = "tmp/\u00fc".getBytes(StandardCharsets.ISO_8859_1); // no UTF-8
    IrmapCache.write(images, new Device(1, 2), Map.of(300L, path));
    byte[] written = Files.readAllBytes(images.resolve("irmap-cache"));

    // magic numbers, length; dev 1 << 20 | 2; inode 300; path
    assertThat(HexFormat.of().formatHex(written))
        .isEqualTo("40591055594000570f000000" + "08828040" + "10ac02" + "1a062f746d702ffc");
    IrmapCache.delete(images);
    IrmapCache.delete(images);
    assertThat(images).isEmptyDirectory();
  }

  private List<FileEntry> files() throws IOException {
    List<FileEntry> entries = new ArrayList<>();
    for (ByteBuffer record : ImageRecords.read(images.resolve("files.img"), FILES)) {
      entries.add(FileEntry.parseFrom(record));
    }
    return entries;
  }

  /** With fields of which Podkit knows nothing, outside and inside. */
  private static FileEntry timer(TimerfdEntry.Builder timer) {
    return FileEntry.newBuilder()
        .setTfd(timer.setUnknownFields(unknown(1, 42)))
        .setUnknownFields(unknown(30, 77))
        .build();
  }

  private static TimerfdEntry.Builder timer(long ticks, long nanosLeft) {
    return TimerfdEntry.newBuilder().setTicks(ticks).setVsec(0).setVnsec(nanosLeft);
  }

  private static UnknownFieldSet unknown(int number, long value) {
    return UnknownFieldSet.newBuilder()
        .addField(number, UnknownFieldSet.Field.newBuilder().addVarint(value).build())
        .build();
  }

  private void writeRemaps(RemapFilePathEntry... entries) throws IOException {
    Path file = images.resolve("remap-fpath.img");
    ImageRecords.write(file, ImageRecords.COMMON, REMAPS, List.of(entries));
  }

  private static RemapFilePathEntry remap(int type) {
    return RemapFilePathEntry.newBuilder().setOrigId(1).setRemapId(2).setRemapType(type).build();
  }
}
