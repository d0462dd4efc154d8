package io.podkit.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The standard streams, as bytes for what pods print and as text for what podkit says. Text must be
 * flushed before bytes are written to the same stream.
 */
public final class Streams {
  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final PrintWriter outText;
  private final PrintWriter errText;

  public Streams(InputStream in, OutputStream out, OutputStream err) {
    this.in = in;
    this.out = out;
    this.err = err;
    outText = text(out);
    errText = text(err);
  }

  /** Those of this process, unbuffered. */
  public static Streams ofProcess() {
    return new Streams(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err));
  }

  public InputStream in() {
    return in;
  }

  public OutputStream out() {
    return out;
  }

  public OutputStream err() {
    return err;
  }

  /** Standard output for text in UTF-8. */
  public PrintWriter outText() {
    return outText;
  }

  /** Standard error for text in UTF-8. */
  public PrintWriter errText() {
    return errText;
  }

  private static PrintWriter text(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
  }
}
