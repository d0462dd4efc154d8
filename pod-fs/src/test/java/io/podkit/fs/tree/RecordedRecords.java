package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes down the records it is given, one line each. */
final class RecordedRecords implements RecordHandler {
  private final List<String> lines = new ArrayList<>();

  List<String> lines() {
    return lines;
  }

  @Override
  public void directory(String path, Attributes attributes) {
    lines.add("dir " + path + " " + shown(attributes));
  }

  @Override
  public void file(String path, Attributes attributes, long size, Content content)
      throws PodkitException, IOException {
    content("file ", path, attributes, size, content);
  }

  @Override
  public void patch(String path, Attributes attributes, long size, Content content)
      throws PodkitException, IOException {
    content("patch ", path, attributes, size, content);
  }

  private void content(String what, String path, Attributes attributes, long size, Content content)
      throws PodkitException, IOException {
    StringBuilder data = new StringBuilder();
    content.copyTo(
        new SegmentSink() {
          @Override
          public void segment(long offset, ByteBuffer piece) {
            data.append(' ').append(offset).append(':');
            while (piece.hasRemaining()) {
              data.append(Integer.toHexString(piece.get() & 0xff));
            }
          }

          @Override
          public void hole(long offset, long length) {
            data.append(' ').append(offset).append('-').append(length);
          }
        });
    lines.add(what + path + " " + shown(attributes) + " " + size + data);
  }

  @Override
  public void symlink(String path, Attributes attributes, byte[] target) {
    lines.add("symlink " + path + " " + shown(attributes) + " " + new String(target, LATIN));
  }

  @Override
  public void special(String path, Attributes attributes, FileType type, Device device) {
    lines.add("special " + path + " " + shown(attributes) + " " + type + " " + device);
  }

  @Override
  public void hardLink(String path, String existing) {
    lines.add("link " + path + " " + existing);
  }

  @Override
  public void attributes(String path, FileType type, Attributes attributes) {
    lines.add("attributes " + path + " " + type + " " + shown(attributes));
  }

  @Override
  public void delete(String path) {
    lines.add("delete " + path);
  }

  private static final java.nio.charset.Charset LATIN =
      java.nio.charset.StandardCharsets.ISO_8859_1;

  private static String shown(Attributes a) {
    StringBuilder xattrs = new StringBuilder();
    a.xattrs()
        .forEach((name, value) -> xattrs.append(name).append('=').append(new String(value, LATIN)));
    return Integer.toOctalString(a.permissions())
        + " "
        + a.uid()
        + ":"
        + a.gid()
        + " "
        + a.modified()
        + " "
        + a.accessed()
        + " {"
        + xattrs
        + "}";
  }
}
