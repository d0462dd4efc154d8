package io.podkit.cli.command;

import io.podkit.cli.console.Activity;
import io.podkit.cli.console.ExitText;
import io.podkit.cli.context.Context;
import io.podkit.cli.convert.Typed;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ImageFormat;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.ImageStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pod image export}. */
@Command(
    name = "export",
    description = {
      "Write an image as a tar file that podman, skopeo and docker read; layers are not packed.",
      "The same image gives the same bytes, and importing them gives the same layers."
    },
    exitCodeList = {
      ExitText.OK,
      ExitText.FAILURE,
      ExitText.USAGE,
      ExitText.NOT_FOUND,
      ExitText.REFUSED
    },
    footer = {
      "  pod image export nginx nginx.tar",
      "  pod image export nginx - | podman load",
      "  pod image export --format rootfs-tar nginx - | zstd > nginx-root.tar.zst"
    })
public final class ImageExportCommand implements Callable<Integer> {
  private static final int BUFFER = 1 << 20;

  private final Context context;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "oci (the default): an OCI image layout; docker-archive: what docker save writes;"
              + " rootfs-tar: all layers merged, without the image's settings.")
  ImageFormat format = ImageFormat.OCI;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "Image to write.")
  String name = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "File to write, which is replaced; - is standard output.")
  String file = "";

  public ImageExportCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws PodkitException {
    ImageName image = Typed.image(name);
    ImageStore store = context.runtime().fileSystem().images();
    store.get(image);
    try (Activity exporting = context.activity("exporting " + image)) {
      if (file.equals("-")) {
        write(store, image, context.streams().out(), exporting);
      } else {
        toFile(store, image, Path.of(file).toAbsolutePath(), exporting);
      }
    }
    return 0;
  }

  private void write(ImageStore store, ImageName image, OutputStream to, Activity exporting)
      throws PodkitException {
    try {
      OutputStream out = new BufferedOutputStream(to, BUFFER);
      store.export(image, format, out, exporting::progress);
      out.flush();
    } catch (IOException e) {
      throw PodkitException.io("cannot write image " + image, e);
    }
  }

  /** Beside it first: a half written archive is worse than the old one. */
  private void toFile(ImageStore store, ImageName image, Path target, Activity exporting)
      throws PodkitException {
    Path partial = target.resolveSibling(target.getFileName() + ".part");
    try {
      try (OutputStream out = Files.newOutputStream(partial)) {
        write(store, image, out, exporting);
      }
      Files.move(
          partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw PodkitException.io("cannot write " + target, e);
    } finally {
      removeQuietly(partial);
    }
  }

  private static void removeQuietly(Path partial) throws PodkitException {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + partial, e);
    }
  }
}
