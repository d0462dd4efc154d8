package io.podkit.cli.fake;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pod's files in memory. */
public final class FakeFiles implements RootedFiles {
  public final Map<String, String> content = new LinkedHashMap<>();

  /** Opened in place of {@link #content}, for files that grow. */
  public final Map<String, InputStream> streams = new LinkedHashMap<>();

  public final List<String> calls = new ArrayList<>();

  @Override
  public InputStream open(String path) throws PodkitException {
    InputStream stream = streams.get(path);
    if (stream != null) {
      return stream;
    }
    String text = content.get(path);
    if (text == null) {
      throw PodkitException.notFound("no file " + path);
    }
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<byte[]> read(String path, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void write(String path, byte[] bytes, int mode) {
    throw new UnsupportedOperationException();
  }

  @Override
  public OutputStream openFifo(String path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createFifo(String path, int mode) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createDirectory(String path, int mode) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copyOut(String path, Path hostPath) {
    calls.add("out " + path + " " + hostPath);
  }

  @Override
  public void copyIn(Path hostPath, String path) {
    calls.add("in " + hostPath + " " + path);
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
