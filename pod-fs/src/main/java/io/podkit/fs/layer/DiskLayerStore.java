package io.podkit.fs.layer;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.StagingName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Layers as files on this host's disk, mounted through loop devices. */
public final class DiskLayerStore implements LayerStore {

  private static final String SUFFIX = ".sqfs";
  private static final int BUFFER = 1 << 20;

  private final Path files;
  private final LayerMounts mounts;
  private final StoreLock lock;

  /** The layers under those directories. */
  public DiskLayerStore(HostDirs dirs) {
    files = dirs.layers();
    mounts = new LayerMounts(dirs.layerMounts());
    lock = new StoreLock(dirs.locks().resolve("layers.lock"));
  }

  private Path file(LayerDigest layer) {
    return files.resolve(layer.hex() + SUFFIX);
  }

  @Override
  public boolean has(LayerDigest layer) {
    return Files.isRegularFile(file(layer));
  }

  @Override
  public Path path(LayerDigest layer) throws PodkitException {
    if (!has(layer)) {
      throw PodkitException.notFound("layer " + layer.abbreviated() + " is not on this host");
    }
    return file(layer);
  }

  @Override
  public long size(LayerDigest layer) throws PodkitException {
    try {
      return Files.size(path(layer));
    } catch (IOException e) {
      throw PodkitException.io("cannot measure layer " + layer.abbreviated(), e);
    }
  }

  @Override
  public List<LayerDigest> list() throws PodkitException {
    List<LayerDigest> layers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(files, "*" + SUFFIX)) {
      for (Path entry : entries) {
        layers.add(LayerDigest.parse(entry.getFileName().toString().replace(SUFFIX, "")));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw PodkitException.io("cannot list the layers of this host", e);
    }
    Collections.sort(layers);
    return layers;
  }

  @Override
  public InputStream open(LayerDigest layer) throws PodkitException {
    try {
      return Files.newInputStream(path(layer));
    } catch (IOException e) {
      throw PodkitException.io("cannot open layer " + layer.abbreviated(), e);
    }
  }

  @Override
  public void receive(LayerDigest layer, InputStream in, long size)
      throws PodkitException, IOException {
    Path temporary = temporary();
    try {
      LayerDigest got = copy(in, size, temporary);
      if (!got.equals(layer)) {
        throw PodkitException.of(
            ErrorKind.PEER, "layer " + layer.abbreviated() + " arrived with other content");
      }
      Files.move(temporary, file(layer), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private Path temporary() throws PodkitException {
    try {
      Files.createDirectories(files);
      return Files.createTempFile(files, "incoming-", ".part");
    } catch (IOException e) {
      throw PodkitException.io("cannot make room for a layer", e);
    }
  }

  private static LayerDigest copy(InputStream in, long size, Path into) throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER];
    long left = size;
    try (FileChannel out = FileChannel.open(into, StandardOpenOption.WRITE)) {
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (n < 0) {
          break; // the digest will not match
        }
        sha256.update(buffer, 0, n);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        left -= n;
      }
      out.force(true);
    }
    return LayerDigest.ofBytes(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Something that writes a squashfs file. */
  interface Packing {
    void into(Path file) throws PodkitException;
  }

  @Override
  public LayerDigest packDirectory(Path directory, ByteListener listener) throws PodkitException {
    if (!Files.isDirectory(directory)) {
      throw PodkitException.notFound("there is no directory " + directory);
    }
    return pack(file -> SquashfsPacker.packDirectory(directory, file), listener);
  }

  /** As {@link #packDirectory}, of a tar file, which may be compressed. */
  public LayerDigest packTar(Path tar, ByteListener listener) throws PodkitException {
    return pack(file -> SquashfsPacker.packTar(tar, file), listener);
  }

  private LayerDigest pack(Packing packing, ByteListener listener) throws PodkitException {
    Path temporary = temporary();
    try {
      Files.delete(temporary); // the packers want to make the file themselves
      packing.into(temporary);
      listener.progress(Files.size(temporary), -1);
      LayerDigest digest = digest(temporary);
      Files.move(temporary, file(digest), StandardCopyOption.ATOMIC_MOVE);
      return digest;
    } catch (IOException e) {
      throw PodkitException.io("cannot store a layer", e);
    } finally {
      removePart(temporary);
    }
  }

  private static void removePart(Path part) throws PodkitException {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove an unfinished layer", e);
    }
  }

  private static LayerDigest digest(Path file) throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
      }
    }
    return LayerDigest.ofBytes(sha256.digest());
  }

  @Override
  public void reserve(Set<LayerDigest> layers, StagingName user) throws PodkitException {
    lock.under(
        "cannot reserve layers",
        () -> {
          for (LayerDigest layer : layers) {
            mounts.addUser(layer, user);
          }
          return layers.size();
        });
  }

  @Override
  public Path mount(LayerDigest layer, StagingName user) throws PodkitException {
    Path file = path(layer);
    return lock.under(
        "cannot mount layer " + layer.abbreviated(),
        () -> {
          mounts.mount(layer, file);
          mounts.addUser(layer, user);
          return mounts.mountPoint(layer);
        });
  }

  @Override
  public void release(LayerDigest layer, StagingName user) throws PodkitException {
    lock.under(
        "cannot release layer " + layer.abbreviated(),
        () -> {
          mounts.removeUser(layer, user);
          mounts.unmountIfUnused(layer);
          return layer;
        });
  }

  /** Ends every use that {@code user} makes of any layer. */
  public void releaseAll(StagingName user) throws PodkitException {
    lock.under(
        "cannot release the layers of " + user,
        () -> {
          for (LayerDigest layer : mounts.known()) {
            mounts.removeUser(layer, user);
            mounts.unmountIfUnused(layer);
          }
          return user;
        });
  }

  @Override
  public void reconcile(Map<StagingName, Set<LayerDigest>> inUse) throws PodkitException {
    lock.under(
        "cannot count the users of layers",
        () -> {
          for (LayerDigest layer : mounts.known()) {
            for (String name : mounts.usersOf(layer)) {
              StagingName user = new StagingName(name);
              if (!inUse.getOrDefault(user, Set.of()).contains(layer)) {
                mounts.removeUser(layer, user);
              }
            }
            mounts.unmountIfUnused(layer);
          }
          return inUse.size();
        });
  }

  @Override
  public List<LayerDigest> gc(Set<LayerDigest> needed) throws PodkitException {
    List<LayerDigest> all = list();
    return lock.under(
        "cannot remove layers",
        () -> {
          List<LayerDigest> removed = new ArrayList<>();
          for (LayerDigest layer : all) {
            boolean used = needed.contains(layer) || !mounts.usersOf(layer).isEmpty();
            if (!used && !mounts.isMounted(layer) && Files.deleteIfExists(file(layer))) {
              removed.add(layer);
            }
          }
          return removed;
        });
  }
}
