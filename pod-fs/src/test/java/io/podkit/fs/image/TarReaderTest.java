package io.podkit.fs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.fs.dir.RawPath;
import io.podkit.fs.testing.HandmadeTar;
import io.podkit.linux.FileType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tar headers, read to the letter; what is broken gives one kind of error. */
class TarReaderTest {

  @Test
  void namesAreBytesWhateverTheHeader() throws Exception {
    String latin = "caf\u00e9";
    String utf8 = RawPath.ofText("caf\u00e9");
    byte[] tar =
        new HandmadeTar()
            .file(latin, "1")
            .extension('x', record("path", utf8))
            .file("ignored", "2")
            .file("n".repeat(150), "3")
            .bytes();
    assertThat(entries(tar))
        .extracting(TarEntry::path)
        .containsExactly(latin, utf8, "n".repeat(150));
  }

  @Test
  void paxRecords_overrideTheHeader() throws Exception {
    String records =
        record("mtime", "-1.5")
            + record("uid", "3000000")
            + record("SCHILY.xattr.user.raw", "\0\u0080\u00ff\n=")
            + record("LIBARCHIVE.xattr.user.coded", "AIA=");
    TarEntry entry =
        entries(new HandmadeTar().extension('x', records).file("f", "").bytes()).get(0);
    assertThat(entry.modified()).isEqualTo(Instant.ofEpochSecond(-2, 500_000_000));
    assertThat(entry.uid()).isEqualTo(3_000_000);
    assertThat(entry.xattrs().get("user.raw")).containsExactly(0, 0x80, 0xff, '\n', '=');
    assertThat(entry.xattrs().get("user.coded")).containsExactly(0, 0x80);
  }

  @Test
  void globalRecords_holdUntilTheEnd() throws Exception {
    byte[] tar =
        new HandmadeTar()
            .extension('g', record("uid", "7"))
            .file("a", "")
            .extension('x', record("uid", "8"))
            .file("b", "")
            .file("c", "")
            .bytes();
    assertThat(entries(tar)).extracting(TarEntry::uid).containsExactly(7L, 8L, 7L);
  }

  @Test
  void unreadData_isSkipped() throws Exception {
    byte[] tar = new HandmadeTar().file("a", "x".repeat(700)).file("b", "y").bytes();
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    assertThat(reader.next()).extracting(TarEntry::path).isEqualTo("a");
    assertThat(reader.next()).extracting(TarEntry::path).isEqualTo("b");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    reader.readData((offset, bytes, length) -> data.write(bytes, 0, length));
    assertThat(data.toString(StandardCharsets.UTF_8)).isEqualTo("y");
    assertThat(reader.next()).isNull();
  }

  @Test
  void oldDirectoriesAndLinksWithASize_haveNoData() throws Exception {
    byte[] tar = new HandmadeTar().file("old/", "").entry("hard", '1', "old/f").bytes();
    List<TarEntry> entries = entries(tar);
    assertThat(entries.get(0).type()).isEqualTo(FileType.DIRECTORY);
    assertThat(entries.get(1).isHardLink()).isTrue();
    assertThat(entries.get(1).link()).isEqualTo("old/f");
  }

  @Test
  void brokenExtensions_areRefused() {
    for (String payload :
        List.of(
            "99 path=x\n", "x path=y\n", "0 a=b\n", "-5 a=b\n", "7 a=bcd", "6 abcd\n", " a=b\n")) {
      assertThatThrownBy(
              () -> entries(new HandmadeTar().extension('x', payload).file("f", "").bytes()))
          .as(payload)
          .isInstanceOf(TarException.class);
    }
    for (String sparse :
        List.of("5,10,3,4", "0,-1", "0", "a,b", "0,9999", "9223372036854775807,2")) {
      String records = record("GNU.sparse.size", "100") + record("GNU.sparse.map", sparse);
      assertThatThrownBy(
              () -> entries(new HandmadeTar().extension('x', records).file("f", "abc").bytes()))
          .as(sparse)
          .isInstanceOf(TarException.class);
    }
  }

  @Test
  void hugeSizes_takeNoMemory() {
    String records = record("size", "9223372036854775807");
    assertThatThrownBy(
            () -> entries(new HandmadeTar().extension('x', records).file("f", "abc").bytes()))
        .isInstanceOf(TarException.class);
  }

  @Property(tries = 2000)
  void changedByte_isRefusedOrReadAsSomethingElse(
      @ForAll @IntRange(min = 0, max = 6000) int at, @ForAll @ByteRange byte value)
      throws Exception {
    byte[] tar =
        new HandmadeTar()
            .extension('x', record("mtime", "1.5") + record("SCHILY.xattr.user.a", "b"))
            .file("a", "content")
            .extension('x', record("GNU.sparse.size", "9") + record("GNU.sparse.map", "0,2,7,1"))
            .file("sparse", "abc")
            .entry("l", '2', "a")
            .bytes();
    tar[at % tar.length] = value;
    readsOrRefuses(tar);
  }

  @Property(tries = 500)
  void cutAnywhere_isRefusedOrShorter(@ForAll @IntRange(min = 0, max = 6000) int length)
      throws Exception {
    byte[] tar = new HandmadeTar().file("a", "x".repeat(600)).file("b", "y").bytes();
    readsOrRefuses(Arrays.copyOf(tar, Math.min(length, tar.length)));
  }

  private static void readsOrRefuses(byte[] tar) throws IOException {
    try {
      entries(tar);
    } catch (TarException e) {
      assertThat(e).hasMessageMatching("[a-z].*");
    }
  }

  private static List<TarEntry> entries(byte[] tar) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    List<TarEntry> entries = new ArrayList<>();
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      entries.add(entry);
      reader.readData((offset, bytes, length) -> {});
    }
    return entries;
  }

  private static String record(String key, String value) {
    int length = key.length() + value.length() + 3;
    int digits = String.valueOf(length + String.valueOf(length).length()).length();
    return (length + digits) + " " + key + "=" + value + "\n";
  }
}
