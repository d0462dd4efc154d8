package io.podkit.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeLimits;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The tree stream: what is written is read, what is broken is refused. */
class StreamTest {
  private static final Attributes PLAIN =
      new Attributes(0640, 33, 0xfffffffeL, Instant.ofEpochSecond(-5, 7), Instant.EPOCH, Map.of());
  private static final TreeLimits SMALL = new TreeLimits(20, 1000, 3, 300);

  private interface Body {
    void write(StreamWriter out) throws IOException;
  }

  @Test
  void allRecords_comeBack() throws Exception {
    Attributes rich =
        new Attributes(
            07777,
            0,
            1,
            Instant.MAX,
            Instant.MIN,
            Map.of("user.a", bytes("1"), "trusted.overlay.opaque", bytes("y")));
    byte[] stream =
        stream(
            out -> {
              out.delete("old");
              out.directory("d", rich);
              out.file("d/f", PLAIN, 30);
              out.data(0, ByteBuffer.wrap(bytes("ab")));
              out.data(28, ByteBuffer.wrap(bytes("yz")));
              out.endFile();
              out.patch("d/g", PLAIN, 4L << 30);
              out.hole(0, 3L << 30);
              out.data(3L << 30, ByteBuffer.wrap(bytes("c")));
              out.endFile();
              out.symlink("d/l", PLAIN, bytes("../x"));
              out.special("d/p", PLAIN, FileType.FIFO, Device.NONE);
              out.special("w", PLAIN, FileType.CHARACTER_DEVICE, Device.NONE);
              out.hardLink("h", "d/f");
              out.attributes("", FileType.DIRECTORY, PLAIN);
            });
    String plain = "640 33:4294967294 " + PLAIN.modified() + " " + Instant.EPOCH + " {}";
    assertThat(read(stream))
        .containsExactly(
            "delete old",
            "dir d 7777 0:1 "
                + Instant.MAX
                + " "
                + Instant.MIN
                + " {trusted.overlay.opaque=yuser.a=1}",
            "file d/f " + plain + " 30 0:6162 28:797a",
            "patch d/g "
                + plain
                + " 4294967296 0-1073741824 1073741824-1073741824 2147483648-1073741824"
                + " 3221225472:63",
            "symlink d/l " + plain + " ../x",
            "special d/p " + plain + " FIFO 0:0",
            "special w " + plain + " CHARACTER_DEVICE 0:0",
            "link h d/f",
            "attributes  DIRECTORY " + plain);
  }

  @Property(tries = 200)
  void fileContent_comesBackWhateverItsSegments(
      @ForAll @Size(max = 400) byte[] content, @ForAll @IntRange(min = 1, max = 64) int step)
      throws Exception {
    byte[] stream =
        stream(
            out -> {
              out.file("f", PLAIN, content.length);
              for (int at = 0; at < content.length; at += step) {
                int length = Math.min(step, content.length - at);
                out.data(at, ByteBuffer.wrap(content, at, length));
              }
              out.endFile();
            });
    StringBuilder expected = new StringBuilder();
    for (int at = 0; at < content.length; at++) {
      expected.append(at % step == 0 ? " " + at + ":" : "");
      expected.append(Integer.toHexString(content[at] & 0xff));
    }
    assertThat(read(stream)).singleElement().asString().endsWith(content.length + "" + expected);
  }

  @Property(tries = 1000)
  void randomBytes_areRefusedWithOneClearError(
      @ForAll @Size(max = 300) byte[] noise, @ForAll @ByteRange byte tag) throws Exception {
    byte[] valid = stream(out -> {});
    byte[] stream = Arrays.copyOf(valid, 12 + 1 + noise.length);
    stream[12] = tag;
    System.arraycopy(noise, 0, stream, 13, noise.length);
    assertRefusedOrHarmless(stream);
  }

  @Property(tries = 1000)
  void flippedByte_isRefusedOrHarmless(
      @ForAll @IntRange(min = 0, max = 200) int at, @ForAll @ByteRange byte value)
      throws Exception {
    byte[] stream = sample();
    stream[at % stream.length] = value;
    assertRefusedOrHarmless(stream);
  }

  @Test
  void truncatedAnywhere_isRefused() throws Exception {
    byte[] whole = sample();
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      refused(part, "it ends early");
    }
  }

  @Test
  void pathsOutsideTheTree_areRefused() throws Exception {
    for (String path :
        List.of("..", "../x", "a/../../x", "/etc/passwd", "a//b", "./a", "a/.", "a/", "a\0b")) {
      refused(stream(out -> out.delete(path)), "it has the path");
      refused(stream(out -> out.hardLink("ok", path)), "it has the path");
      refused(stream(out -> out.directory(path, PLAIN)), "it has the path");
    }
    refused(stream(out -> out.delete("")), "replaces the tree's root");
    refused(stream(out -> out.hardLink("a", "")), "links to the tree's root");
    refused(stream(out -> out.delete("x".repeat(256))), "it has the path");
  }

  @Test
  void limits_hold() throws Exception {
    refused(stream(out -> out.delete("x".repeat(301))), "a path has 301 bytes");
    refused(stream(out -> out.delete("a/b/c/d/e")), "more than 3 directories");
    refused(
        stream(
            out -> {
              for (int i = 0; i < 21; i++) {
                out.delete("a");
              }
            }),
        "more than 20 records");
    refused(
        stream(
            out -> {
              out.file("f", PLAIN, 5000);
              out.data(0, ByteBuffer.allocate(1001));
              out.endFile();
            }),
        "more than 1000 bytes of content");
    refused(
        stream(
            out -> {
              out.file("f", PLAIN, 10);
              out.data(9, ByteBuffer.allocate(2));
              out.endFile();
            }),
        "a segment lies outside its file");
    refused(
        stream(
            out -> {
              out.file("f", PLAIN, 10);
              out.data(0, ByteBuffer.allocate(6));
              out.data(4, ByteBuffer.allocate(6));
              out.endFile();
            }),
        "segments lie over each other");
    refused(
        stream(
            out -> {
              out.patch("f", PLAIN, 10);
              out.hole(9, 2);
              out.endFile();
            }),
        "a hole lies outside its file");
    refused(
        stream(
            out -> {
              out.file("f", PLAIN, 10);
              out.hole(0, 2);
              out.endFile();
            }),
        "a segment has 2147483650 bytes");
  }

  @Test
  void olderVersion_isRead() throws Exception {
    byte[] older = sample();
    older[9] = 1;
    assertThat(read(older)).hasSize(3);
  }

  @Test
  void limits_holdForAllPassesTogether() throws Exception {
    byte[] stream = stream(out -> out.delete("a"));
    StreamReader second = new StreamReader(in(stream), TreeKind.UPPER, SMALL, 20, 0);
    assertThatThrownBy(() -> second.read(new RecordedRecords()))
        .hasMessageContaining("more than 20 records");
  }

  @Test
  void attributesThatPointAtThisHost_areRefused() throws Exception {
    for (String name :
        List.of(
            "trusted.overlay.origin",
            "trusted.overlay.nlink",
            "trusted.overlay.upper",
            "trusted.overlay.uuid",
            "trusted.overlay.impure",
            "security.selinux",
            "system.nfs4_acl")) {
      refused(stream(out -> out.directory("d", with(name, "x"))), "may not travel");
    }
    refused(
        stream(out -> out.directory("d", with("trusted.overlay.redirect", "/a/../../b"))),
        "may not travel");
  }

  @Test
  void otherVersionKindOrMagic_isRefused() throws Exception {
    byte[] version = sample();
    version[9] = 3;
    refused(version, "its version is 3, not 2");
    byte[] magic = sample();
    magic[0] = 'X';
    refused(magic, "does not begin as one");
    byte[] kind = sample();
    kind[10] = 3;
    refused(kind, "another kind of tree");
  }

  @Test
  void readsNothingBehindTheEnd() throws Exception {
    byte[] one = sample();
    byte[] two = Arrays.copyOf(one, one.length + 5);
    ByteArrayInputStream in = new ByteArrayInputStream(two);
    new StreamReader(in, TreeKind.UPPER, SMALL, 0, 0).read(new RecordedRecords());
    assertThat(in.available()).isEqualTo(5);
  }

  private static void assertRefusedOrHarmless(byte[] stream) throws Exception {
    try {
      new StreamReader(in(stream), TreeKind.UPPER, SMALL, 0, 0).read(new RecordedRecords());
    } catch (PodkitException e) {
      assertThat(e.kind()).isEqualTo(ErrorKind.PEER);
      assertThat(e.getMessage()).startsWith("the other host sent");
    }
  }

  private static void refused(byte[] stream, String why) {
    assertThatThrownBy(() -> read(stream))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining(why)
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.PEER));
  }

  private static byte[] sample() throws IOException {
    return stream(
        out -> {
          out.directory("d", PLAIN);
          out.file("d/f", PLAIN, 4);
          out.data(0, ByteBuffer.wrap(bytes("abcd")));
          out.endFile();
          out.symlink("l", with("user.x", "y"), bytes("t"));
        });
  }

  private static byte[] stream(Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StreamWriter out = new StreamWriter(bytes, TreeKind.UPPER);
    body.write(out);
    out.end();
    assertThat(out.bytes()).isEqualTo(bytes.size());
    return bytes.toByteArray();
  }

  private static List<String> read(byte[] stream) throws Exception {
    RecordedRecords records = new RecordedRecords();
    new StreamReader(in(stream), TreeKind.UPPER, SMALL, 0, 0).read(records);
    return records.lines();
  }

  private static ByteArrayInputStream in(byte[] stream) {
    return new ByteArrayInputStream(stream);
  }

  private static Attributes with(String name, String value) {
    return new Attributes(0640, 0, 0, Instant.EPOCH, Instant.EPOCH, Map.of(name, bytes(value)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
