package io.podkit.cli.fake;

import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.IncomingLayer;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerNeeds;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.StagingName;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Layers of which only {@link Samples#LAYER} is here, with 5 MiB. */
final class FakeLayers implements LayerStore {
  @Override
  public boolean has(LayerDigest layer) {
    return layer.toString().equals(Samples.LAYER);
  }

  @Override
  public long size(LayerDigest layer) {
    return 5 << 20;
  }

  @Override
  public List<LayerDigest> list() {
    return List.of(LayerDigest.parse(Samples.LAYER));
  }

  @Override
  public boolean hasVerified(LayerDigest layer) {
    return has(layer);
  }

  @Override
  public long missingBytes(LayerDigest layer, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LayerDigest prefix(LayerDigest layer, long length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Hold hold() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path path(LayerDigest layer) {
    return Path.of("/var/lib/pod/layers/sha256", layer.abbreviated());
  }

  @Override
  public InputStream open(LayerDigest layer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IncomingLayer incoming(LayerDigest layer, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LayerDigest packDirectory(Path directory, ByteListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reserve(Set<LayerDigest> layers, StagingName user) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path mount(LayerDigest layer, StagingName user) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void release(LayerDigest layer, StagingName user) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reconcile(LayerNeeds needs) {
    throw new UnsupportedOperationException();
  }
}
