package io.podkit.cli.fake;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.api.CommitRequest;
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
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Images in memory. */
public final class FakeImages implements ImageStore {
  public final Map<String, Image> images = new LinkedHashMap<>();
  public final List<ImportRequest> imports = new ArrayList<>();
  public final List<PullRequest> pulls = new ArrayList<>();
  public final List<String> calls = new ArrayList<>();

  /** Thrown in the middle of an export. */
  public @Nullable IOException exportFailure;

  /** What verifying finds. */
  public List<LayerCheck> checks = List.of();

  /** Layers that nobody needs. */
  public List<LayerDigest> prunable = List.of();

  public FakeImages add(String name, ImageConfig config) {
    images.put(
        name,
        new Image(
            new ImageName(name),
            List.of(LayerDigest.parse(Samples.LAYER)),
            Samples.NOW.minus(Duration.ofDays(3)),
            123_456_789,
            config));
    return this;
  }

  @Override
  public Image importImage(ImportRequest request, ByteListener listener) throws PodkitException {
    imports.add(request);
    add(request.name().value(), request.config());
    return get(request.name());
  }

  @Override
  public Image pull(PullRequest request, ByteListener listener) throws PodkitException {
    pulls.add(request);
    add(request.name().value(), request.config());
    return get(request.name());
  }

  @Override
  public Image commit(
      CommitRequest request, CommitRequest.Stillness stillness, ByteListener listener) {
    throw new UnsupportedOperationException("no command asks for it");
  }

  @Override
  public void export(ImageName name, ImageFormat format, OutputStream out, ByteListener listener)
      throws PodkitException, IOException {
    calls.add("export " + get(name).name() + " " + format);
    out.write("archive".getBytes(StandardCharsets.UTF_8));
    if (exportFailure != null) {
      throw exportFailure;
    }
  }

  @Override
  public List<LayerCheck> verify(Collection<ImageName> names, ByteListener listener) {
    calls.add("verify " + names);
    return checks;
  }

  @Override
  public List<Image> list() {
    return List.copyOf(images.values());
  }

  @Override
  public Optional<Image> find(ImageName name) {
    return Optional.ofNullable(images.get(name.value()));
  }

  @Override
  public Image get(ImageName name) throws PodkitException {
    return find(name).orElseThrow(() -> PodkitException.notFound("no image named " + name));
  }

  @Override
  public void remove(ImageName name, Collection<StagingName> users) throws PodkitException {
    calls.add("remove " + name + " " + users);
    Image image = get(name);
    if (!users.isEmpty()) {
      throw PodkitException.conflict("image " + image.name() + " is used by " + users);
    }
    images.remove(name.value());
  }

  @Override
  public List<LayerDigest> prune(LayerNeeds pods) {
    throw new UnsupportedOperationException("commands prune through the pods");
  }
}
