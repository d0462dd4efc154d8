package io.podkit.fs.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes tar files that no honest program would write. */
public final class HandmadeTar {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public HandmadeTar file(String name, String content) {
    header(name, '0', "", content.length());
    data(content.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public HandmadeTar entry(String name, char type, String link) {
    header(name, type, link, 0);
    return this;
  }

  /** A file that says to have so many bytes, which do not follow. */
  public HandmadeTar hugeFile(String name, long size) {
    header(name, '0', "", size);
    return this;
  }

  /** A header of that type with a payload, such as pax records. */
  public HandmadeTar extension(char type, String payload) {
    header("ext", type, "", payload.length());
    data(payload.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(out.toByteArray());
    whole.writeBytes(new byte[1024]);
    return whole.toByteArray();
  }

  public void write(Path file) throws Exception {
    Files.write(file, bytes());
  }

  private void header(String name, char type, String link, long size) {
    if (name.length() > 100) {
      header("long", 'L', "", name.length() + 1);
      data((name + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] block = new byte[512];
    put(block, 0, name.substring(0, Math.min(100, name.length())));
    put(block, 100, "0000644\0");
    put(block, 108, "0000000\0");
    put(block, 116, "0000000\0");
    put(block, 124, String.format("%011o\0", size));
    put(block, 136, "00000000000\0");
    Arrays.fill(block, 148, 156, (byte) ' ');
    block[156] = (byte) type;
    put(block, 157, link);
    put(block, 257, "ustar\00000");
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, String.format("%06o\0 ", sum));
    out.writeBytes(block);
  }

  private void data(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(512 - content.length % 512) % 512]);
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
