package io.podkit.fs.export;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageFormat;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.archive.DigestOutput;
import io.podkit.linux.Device;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes images as tar files for other tools. Each layer is read twice: its digest and length stand
 * before its bytes, and so no room is needed for what may be larger than the disk. Thread-safe.
 */
public final class ImageExport {
  private static final Set<OpenFlag> DIRECTORY = EnumSet.of(OpenFlag.PATH, OpenFlag.DIRECTORY);
  private static final int ATTEMPTS = 10;
  private static final AtomicLong COUNT = new AtomicLong();

  private final Syscalls sys;
  private final LayerStore layers;
  private final Path run;

  /**
   * @param run where merged layers are mounted for a while
   */
  public ImageExport(Syscalls sys, LayerStore layers, Path run) {
    this.sys = sys;
    this.layers = layers;
    this.run = run;
  }

  /**
   * Writes one image.
   *
   * @param out flushed, not closed
   * @throws PodkitException as {@link LayerTar#write}, or if a layer cannot be mounted
   * @throws IOException as {@code out} threw it
   */
  public void write(Image image, ImageFormat format, OutputStream out, ByteListener listener)
      throws PodkitException, IOException {
    StagingName user =
        new StagingName("export-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
    try (UndoStack mounts = new UndoStack("release the layers of " + image.name())) {
      List<Path> trees = new ArrayList<>();
      for (LayerDigest layer : image.layers()) {
        mounts.push("release layer " + layer.abbreviated(), () -> layers.release(layer, user));
        Fd tree = open(layer, user);
        mounts.push("close layer " + layer.abbreviated(), tree::close);
        trees.add(tree.procPath());
      }
      switch (format) {
        case OCI -> archive(image, trees, new OciForm(image), out, listener);
        case DOCKER_ARCHIVE -> archive(image, trees, new DockerForm(image), out, listener);
        case ROOTFS_TAR -> new MergedTar(sys, out, run.resolve(user.value())).write(trees);
      }
      out.flush();
    }
  }

  /**
   * Mounts a layer and holds on to it: whoever makes the counts true does not know this user, and
   * may unmount it, but not take away what is open.
   */
  private Fd open(LayerDigest layer, StagingName user) throws PodkitException {
    for (int attempt = 1; ; attempt++) {
      Path mounted = layers.mount(layer, user);
      try (UndoStack undo = new UndoStack("open layer " + layer.abbreviated())) {
        Fd tree = sys.open(PathAt.of(mounted), DIRECTORY, 0);
        undo.push("close it", tree::close);
        Device device = sys.lstat(PathAt.in(tree, ".")).device();
        Path beside = Objects.requireNonNull(mounted.getParent());
        if (!device.equals(sys.lstat(PathAt.of(beside)).device())) {
          undo.commit();
          return tree;
        }
      } catch (ErrnoException e) {
        throw PodkitException.io("cannot open layer " + layer.abbreviated(), e);
      }
      if (attempt == ATTEMPTS) {
        throw PodkitException.conflict("layer " + layer.abbreviated() + " is unmounted by others");
      }
    }
  }

  private void archive(
      Image image, List<Path> trees, ArchiveForm form, OutputStream out, ByteListener listener)
      throws PodkitException, IOException {
    List<ArchiveForm.LayerFile> files = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < trees.size(); i++) {
      long before = total;
      try (DigestOutput first = new DigestOutput(OutputStream.nullOutputStream())) {
        tar(trees.get(i), first);
        files.add(new ArchiveForm.LayerFile(image.layers().get(i), first.digest(), first.size()));
        total += first.size();
        listener.progress(before + first.size(), -1);
      }
    }
    TarWriter tar = new TarWriter(out);
    form.begin(files, tar);
    long done = 0;
    for (int i = 0; i < trees.size(); i++) {
      ArchiveForm.LayerFile file = files.get(i);
      tar.header(TarHeader.plain(form.path(file), file.size()));
      DigestOutput second = new DigestOutput(out);
      tar(trees.get(i), second); // not closed: it writes to what goes on
      if (second.size() != file.size() || !second.digest().equals(file.diffId())) {
        throw PodkitException.internal(
            "layer " + image.layers().get(i) + " read differently the second time", null);
      }
      tar.pad(file.size());
      done += file.size();
      listener.progress(done, total);
    }
    tar.finish();
  }

  private void tar(Path tree, OutputStream to) throws PodkitException, IOException {
    new LayerTar(sys, Set.of(), to).write(tree);
  }
}
