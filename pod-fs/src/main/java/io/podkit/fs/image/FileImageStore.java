package io.podkit.fs.image;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.CommitRequest;
import io.podkit.fs.api.HistoryEntry;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageFormat;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImageStore;
import io.podkit.fs.api.ImportRequest;
import io.podkit.fs.api.LayerCheck;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerNeeds;
import io.podkit.fs.api.PullRequest;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.export.ImageExport;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.fs.registry.Registry;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.OutputStream;
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

/** The image store in the host's directories: images are names for lists of layers. */
public final class FileImageStore implements ImageStore {

  private static final Comparator<StagingName> BY_NAME = Comparator.comparing(StagingName::value);

  private final Supplier<? extends Syscalls> sys;
  private final HostDirs dirs;
  private final ImageFiles files;
  private final FileLayerStore layers;
  private final DiffIds known;
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
    this.dirs = dirs;
    this.known = new DiffIds(dirs, layers);
    this.clock = clock;
  }

  @Override
  public Image importImage(ImportRequest request, ByteListener listener) throws PodkitException {
    Image base = request.base() == null ? null : get(request.base());
    // Its lock keeps the new layers from being collected before the image names them.
    try (FileLayerStore.Scratch scratch = layers.scratch()) {
      Found found =
          new SourceImport(sys.get(), layers, known, clock).pack(request, scratch, listener);
      ImageConfig config = request.config().over(found.config());
      List<LayerDigest> all = new ArrayList<>();
      List<HistoryEntry> history = new ArrayList<>();
      if (base != null) {
        all.addAll(base.layers());
        history.addAll(base.history());
        config = config.over(base.config());
      }
      all.addAll(found.layers());
      history.addAll(found.history());
      return save(request.name(), all, config, history);
    } catch (PodkitException e) {
      throw e.during("cannot import image " + request.name());
    }
  }

  @Override
  public Image pull(PullRequest request, ByteListener listener) throws PodkitException {
    try (Registry registry = Registry.open(request);
        FileLayerStore.Scratch scratch = layers.scratch()) {
      LayerImport adding =
          new LayerImport(sys.get(), layers, known, request.limits(), scratch.directory());
      Found found =
          new RegistryImport(registry.image(), adding, scratch.directory(), listener).pack();
      return save(
          request.name(), found.layers(), request.config().over(found.config()), found.history());
    }
  }

  /**
   * Names layers; nobody may collect them meanwhile.
   *
   * @param stacked the lowest first
   */
  private Image save(
      ImageName name, List<LayerDigest> stacked, ImageConfig config, List<HistoryEntry> history)
      throws PodkitException {
    LinkedHashSet<LayerDigest> distinct = new LinkedHashSet<>();
    for (LayerDigest layer : stacked) {
      // An overlay refuses the same one twice; where it lies highest it hides the other.
      distinct.remove(layer);
      distinct.add(layer);
    }
    Image image =
        new Image(name, List.copyOf(distinct), clock.instant(), sizeOf(distinct), config, history);
    files.save(image);
    return image;
  }

  @Override
  public Image commit(
      CommitRequest request, CommitRequest.Stillness stillness, ByteListener listener)
      throws PodkitException {
    sizeOf(request.base()); // a layer that is missing is found before the pod is stopped
    try (FileLayerStore.Scratch scratch = layers.scratch()) {
      LayerDigest layer =
          new ImageCommit(sys.get(), layers, known)
              .layer(request, stillness, scratch.directory(), listener);
      List<LayerDigest> all = new ArrayList<>(request.base());
      all.add(layer);
      List<HistoryEntry> history = new ArrayList<>();
      Optional<Image> from =
          request.baseImage() == null ? Optional.empty() : find(request.baseImage());
      // An image may have got other layers since the pod was made of it.
      from.filter(image -> image.layers().equals(request.base()))
          .ifPresent(image -> history.addAll(image.history()));
      if (history.isEmpty()) {
        request.base().forEach(each -> history.add(new HistoryEntry(null, "", "", "", each)));
      }
      history.add(
          new HistoryEntry(
              clock.instant(), "pod commit", request.author(), request.comment(), layer));
      return save(request.name(), all, request.config(), history);
    }
  }

  @Override
  public void export(ImageName name, ImageFormat format, OutputStream out, ByteListener listener)
      throws PodkitException, IOException {
    Image image = get(name);
    sizeOf(image.layers()); // before anything is written
    new ImageExport(sys.get(), layers, dirs.run().resolve("exports"))
        .write(image, format, out, listener);
  }

  @Override
  public List<LayerCheck> verify(Collection<ImageName> names, ByteListener listener)
      throws PodkitException {
    List<Image> all = list();
    for (ImageName name : names) {
      get(name);
    }
    return new LayerVerification(layers).verify(all, names, listener);
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
    List<LayerDigest> gone =
        layers.gc(
            pods,
            () -> {
              Set<LayerDigest> needed = new HashSet<>();
              for (Image image : files.list()) {
                needed.addAll(image.layers());
              }
              return needed;
            });
    known.forget(gone);
    return gone;
  }
}
