package io.podkit.fs.registry;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate.ContentDescriptorTemplate;
import com.google.cloud.tools.jib.image.json.ManifestListTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.archive.ArchivedLayer;
import io.podkit.fs.archive.ImageArchive;
import io.podkit.fs.archive.ImagePlatform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * One image in a registry, its manifest and configuration read and their digests compared. Its
 * layers can be fetched by several threads at once.
 */
public final class RemoteImage {
  /** As for the documents of an archive. */
  private static final int MOST_JSON = 4 << 20;

  /** An index may name an index: for several processors, and no deeper in practice. */
  private static final int DEPTH = 4;

  private static final int ATTEMPTS = 3;

  private final String what;
  private final RegistryClient client;
  private final ImageArchive archive;
  private final Map<String, Long> sizes;

  private RemoteImage(
      String what, RegistryClient client, ImageArchive archive, Map<String, Long> sizes) {
    this.what = what;
    this.client = client;
    this.archive = archive;
    this.sizes = Map.copyOf(sizes);
  }

  /**
   * Reads what an image is made of.
   *
   * @param what for messages
   * @param qualifier its tag or digest
   */
  static RemoteImage read(String what, RegistryClient client, String qualifier)
      throws PodkitException {
    try {
      BuildableManifestTemplate manifest = manifest(client, qualifier);
      ContentDescriptorTemplate config = manifest.getContainerConfiguration();
      if (config == null) {
        throw refused("its manifest names no configuration");
      }
      List<ImageArchive.Blob> blobs = new ArrayList<>();
      Map<String, Long> sizes = new HashMap<>();
      for (ContentDescriptorTemplate layer : manifest.getLayers()) {
        String digest = layer.getDigest().toString();
        blobs.add(new ImageArchive.Blob(digest, digest));
        sizes.put(digest, layer.getSize());
      }
      return new RemoteImage(
          what, client, ImageArchive.of(blobs, small(client, config.getDigest())), sizes);
    } catch (PodkitException e) {
      throw e.during("cannot " + what);
    } catch (IOException | RegistryException e) {
      throw RegistryFailures.of(what, e);
    }
  }

  private static BuildableManifestTemplate manifest(RegistryClient client, String qualifier)
      throws PodkitException, IOException, RegistryException {
    String wanted = qualifier;
    for (int depth = 0; depth <= DEPTH; depth++) {
      ManifestAndDigest<ManifestTemplate> found =
          client.pullManifest(wanted, ManifestTemplate.class);
      // The library compares the digests of layers, but not those of manifests.
      if (wanted.startsWith("sha256:") && !found.getDigest().toString().equals(wanted)) {
        throw refused("its manifest is damaged: it has the digest " + found.getDigest());
      }
      if (found.getManifest() instanceof BuildableManifestTemplate manifest) {
        return manifest;
      }
      if (!(found.getManifest() instanceof ManifestListTemplate list)) {
        throw refused("its manifest is of an old form (schema 1); push it again");
      }
      wanted = ofThisPlatform(list);
    }
    throw refused("its indexes name one another");
  }

  private static String ofThisPlatform(ManifestListTemplate list) throws PodkitException {
    String own = ImagePlatform.architecture();
    List<String> digests = list.getDigestsForPlatform(own, ImagePlatform.OS);
    if (digests.isEmpty()) {
      throw refused("it has no image for " + ImagePlatform.OS + "/" + own);
    }
    return digests.get(0);
  }

  private static byte[] small(RegistryClient client, DescriptorDigest digest)
      throws PodkitException, IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try {
      client
          .pullBlob(digest, size -> {}, bytes -> {})
          .writeTo(new BoundedFile(content, MOST_JSON, () -> true));
      return content.toByteArray();
    } catch (BoundedFile.TooLong e) {
      throw refused("its configuration has more than " + MOST_JSON + " bytes");
    }
  }

  /** What it is made of; the path of a layer is its digest. */
  public ImageArchive archive() {
    return archive;
  }

  /** How many bytes a layer has as it lies there, as the manifest says. */
  public long size(ArchivedLayer layer) {
    return sizes.getOrDefault(layer.path(), 0L);
  }

  /**
   * Fetches a layer; a connection that breaks is tried again.
   *
   * @param wanted asked now and then; false ends it with an error
   * @param progress told how many bytes have come, in pieces; a negative piece takes back what was
   *     lost with a connection
   * @throws PodkitException PEER if the connection fails, REFUSED if another content comes, IO if
   *     it cannot be stored
   */
  public void fetch(ArchivedLayer layer, Path file, BooleanSupplier wanted, LongConsumer progress)
      throws PodkitException {
    for (int attempt = 1; ; attempt++) {
      long[] come = new long[1];
      try (OutputStream out = new BoundedFile(create(file), size(layer), wanted)) {
        client
            .pullBlob(
                DescriptorDigest.fromDigest(layer.path()),
                size -> {},
                bytes -> {
                  come[0] += bytes;
                  progress.accept(bytes);
                })
            .writeTo(out);
        return;
      } catch (BoundedFile.LocalFailure e) {
        throw PodkitException.io("cannot store what comes of layer " + layer.path(), e);
      } catch (BoundedFile.TooLong e) {
        throw refused("layer " + layer.path() + " is longer than its manifest says");
      } catch (IOException | DigestException e) {
        if (come[0] == size(layer)) { // all of it came, and the digest is another
          throw refused("layer " + layer.path() + " is damaged: another content came");
        }
        if (attempt == ATTEMPTS || !wanted.getAsBoolean()) {
          throw RegistryFailures.of(what, e);
        }
        progress.accept(-come[0]);
      }
    }
  }

  private static OutputStream create(Path file) throws BoundedFile.LocalFailure {
    try {
      return Files.newOutputStream(file);
    } catch (IOException e) {
      throw new BoundedFile.LocalFailure(e);
    }
  }

  private static PodkitException refused(String why) {
    return PodkitException.of(ErrorKind.REFUSED, "the image is not accepted: " + why);
  }
}
