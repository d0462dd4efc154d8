package io.podkit.fs.image;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.FileOwners;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerNeeds;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.archive.ArchiveFiles;
import io.podkit.fs.archive.ArchivedLayer;
import io.podkit.fs.archive.ImageArchive;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.fs.rooted.KernelRootedFiles;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The image store in the host's directories.
 *
 * <p>A tar file is unpacked beneath a private directory and packed again: mksquashfs can read a tar
 * file itself, but as of 4.5.1 it then gives the root directory the time of day, takes the first of
 * two entries of a name instead of the last, and refuses sparse files; so a directory and a tar
 * file of it would differ, and even the same tar file from one minute to the next.
 */
public final class FileImageStore implements ImageStore {

  private static final Comparator<StagingName> BY_NAME = Comparator.comparing(StagingName::value);

  private final Supplier<? extends Syscalls> sys;
  private final ImageFiles files;
  private final FileLayerStore layers;
  private final Clock clock;

  /**
   * The images in those directories, made of those layers; touches nothing yet.
   *
   * @param sys asked only when a system call is needed
   */
  public FileImageStore(
      Supplier<? extends Syscalls> sys, HostDirs dirs, FileLayerStore layers, Clock clock) {
    this.sys = sys;
    this.files = new ImageFiles(dirs.images());
    this.layers = layers;
    this.clock = clock;
  }

  @Override
  public Image importImage(ImportRequest request, ByteListener listener) throws PodkitException {
    Image base = request.base() == null ? null : get(request.base());
    // Its lock keeps the new layers from being collected before the image names them.
    try (FileLayerStore.Scratch scratch = layers.scratch()) {
      Found found = pack(request, scratch, listener);
      LinkedHashSet<LayerDigest> all = new LinkedHashSet<>();
      if (base != null) {
        all.addAll(base.layers());
      }
      for (LayerDigest layer : found.layers) {
        // An overlay refuses the same one twice; where it lies highest it hides the other.
        all.remove(layer);
        all.add(layer);
      }
      ImageConfig config = request.config().over(found.config);
      Image image =
          new Image(
              request.name(),
              List.copyOf(all),
              clock.instant(),
              sizeOf(all),
              base == null ? config : config.over(base.config()));
      files.save(image);
      return image;
    } catch (PodkitException e) {
      throw e.during("cannot import image " + request.name());
    }
  }

  /**
   * What a source has.
   *
   * @param layers the lowest first
   */
  private record Found(List<LayerDigest> layers, ImageConfig config) {}

  private Found pack(ImportRequest request, FileLayerStore.Scratch scratch, ByteListener listener)
      throws PodkitException {
    Path source = request.source();
    if (!Files.isDirectory(source) && !Files.isRegularFile(source)) {
      throw PodkitException.notFound("there is no directory or tar file " + source);
    }
    try {
      Path tree = Files.isDirectory(source) ? source : scratch.directory().resolve("tree");
      if (tree != source) {
        Files.createDirectory(tree);
        new TarUnpacker(sys.get(), UnpackLimits.STANDARD).unpack(source, tree, listener);
      }
      try (RootedFiles rooted = KernelRootedFiles.open(sys.get(), tree, FileOwners.SAME)) {
        ArchiveFiles archived = new ArchiveFiles(rooted);
        Optional<ImageArchive> archive = ImageArchive.in(archived, request.reference());
        if (archive.isPresent()) {
          return pack(archive.get(), archived, scratch, listener);
        }
      }
      if (request.reference() != null) {
        throw PodkitException.refused(
            source + " is no image archive, so --reference names nothing");
      }
      return new Found(List.of(layers.packDirectory(tree, listener)), ImageConfig.EMPTY);
    } catch (IOException e) {
      throw PodkitException.io("cannot unpack " + source, e);
    }
  }

  private Found pack(
      ImageArchive archive,
      ArchiveFiles archived,
      FileLayerStore.Scratch scratch,
      ByteListener listener)
      throws PodkitException, IOException {
    TarUnpacker unpacker = new TarUnpacker(sys.get(), UnpackLimits.STANDARD);
    List<LayerDigest> packed = new ArrayList<>();
    for (ArchivedLayer layer : archive.layers()) {
      Path tree = Files.createDirectory(scratch.directory().resolve("layer-" + packed.size()));
      unpacker.unpackLayer(layer, archived.open(layer), tree);
      packed.add(layers.packDirectory(tree, listener));
    }
    return new Found(packed, archive.config());
  }

  private long sizeOf(Collection<LayerDigest> all) throws PodkitException {
    long size = 0;
    for (LayerDigest layer : all) {
      size += layers.size(layer);
    }
    return size;
  }

  @Override
  public List<Image> list() throws PodkitException {
    return files.list();
  }

  @Override
  public Optional<Image> find(ImageName name) throws PodkitException {
    return files.find(name);
  }

  @Override
  public Image get(ImageName name) throws PodkitException {
    Optional<Image> image = files.find(name);
    if (image.isEmpty()) {
      throw PodkitException.of(
          ErrorKind.NOT_FOUND, "there is no image " + name, FsHints.IMAGE_MISSING);
    }
    return image.get();
  }

  @Override
  public void remove(ImageName name, Collection<StagingName> users) throws PodkitException {
    if (!users.isEmpty()) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          "cannot remove image " + name + ": used by " + users.stream().sorted(BY_NAME).toList(),
          FsHints.IMAGE_IN_USE);
    }
    if (!files.delete(name)) {
      throw PodkitException.notFound("there is no image " + name);
    }
  }

  @Override
  public List<LayerDigest> prune(LayerNeeds pods) throws PodkitException {
    return layers.gc(
        pods,
        () -> {
          Set<LayerDigest> needed = new HashSet<>();
          for (Image image : files.list()) {
            needed.addAll(image.layers());
          }
          return needed;
        });
  }
}
