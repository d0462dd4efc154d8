package io.podkit.cli.fake;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerSource;
import io.podkit.fs.api.LayerSources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Layer sources in memory. */
public final class FakeLayerSources implements LayerSources {
  public final List<LayerSource> sources = new ArrayList<>();
  public final List<Verified> verified = new ArrayList<>();
  public final List<String> calls = new ArrayList<>();

  @Override
  public List<LayerSource> list() {
    return List.copyOf(sources);
  }

  @Override
  public LayerSource add(Path directory) {
    calls.add("add " + directory);
    LayerSource source =
        new LayerSource(directory, true, List.of(LayerDigest.parse(Samples.LAYER)), 5 << 20);
    sources.add(source);
    return source;
  }

  @Override
  public void remove(Path directory, Map<LayerDigest, String> neededBy) throws PodkitException {
    calls.add("remove " + directory + " " + neededBy);
    if (!sources.removeIf(source -> source.directory().equals(directory))) {
      throw PodkitException.of(ErrorKind.NOT_FOUND, directory + " is no layer source");
    }
  }

  @Override
  public List<Verified> verify(Path directory, ByteListener listener) {
    calls.add("verify " + directory);
    return List.copyOf(verified);
  }

  @Override
  public boolean publish(LayerDigest layer, Path file, Path directory, ByteListener listener) {
    calls.add("publish " + layer.abbreviated() + " " + file + " " + directory);
    return true;
  }
}
