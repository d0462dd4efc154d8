package io.podkit.migrate.engine;

import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.HostStorage;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.IncomingLayer;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerNeeds;
import io.podkit.fs.api.LayerSources;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.MountedRoot;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.api.StagingFs;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.Trees;
import io.podkit.fs.api.VolumeFiles;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Files of a host on which layers can be reserved, and nothing else. */
final class NoLayers implements PodFileSystem, LayerStore {
  @Override
  public LayerStore layers() {
    return this;
  }

  @Override
  public void reserve(Set<LayerDigest> layers, StagingName user) {}

  @Override
  public ImageStore images() {
    throw new UnsupportedOperationException();
  }

  @Override
  public StagingFs staging() {
    throw new UnsupportedOperationException();
  }

  @Override
  public VolumeFiles volumeFiles() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Trees trees() {
    throw new UnsupportedOperationException();
  }

  @Override
  public RootedFiles rooted(Path directory) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RootedFiles rooted(MountedRoot root) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean has(LayerDigest layer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path path(LayerDigest layer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long size(LayerDigest layer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<LayerDigest> list() {
    throw new UnsupportedOperationException();
  }

  @Override
  public InputStream open(LayerDigest layer) {
    throw new UnsupportedOperationException();
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
  public HostStorage storage() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean hasVerified(LayerDigest layer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Hold hold() {
    throw new UnsupportedOperationException();
  }

  @Override
  public LayerSources layerSources() {
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
