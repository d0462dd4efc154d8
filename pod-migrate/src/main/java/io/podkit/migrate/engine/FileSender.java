package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.transport.BulkOutput;
import io.podkit.migrate.transport.ChannelIoException;
import io.podkit.migrate.transport.DataChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;

/** Sends whole files: layers before the freeze, CRIU's images in it. */
final class FileSender {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final DataChannel channel;
  private final LongConsumer sent;

  /**
   * A sender on one channel.
   *
   * @param sent told how many bytes went out
   */
  FileSender(DataChannel channel, LongConsumer sent) {
    this.channel = channel;
    this.sent = sent;
  }

  /** Sends a layer and returns when the target has verified and stored it. */
  void layer(LayerStore layers, LayerDigest digest) throws PodkitException {
    try (InputStream in = layers.open(digest);
        BulkOutput out = channel.begin(new Bulk.LayerBegin(digest, layers.size(digest)))) {
      in.transferTo(new TreeSync.Counting(out, sent));
      out.finish(new Bulk.LayerEnd(), PATIENCE);
    } catch (IOException e) {
      throw ChannelIoException.unwrap("sending layer " + digest, e);
    }
  }

  /**
   * Sends every image file in {@code directory}; that they arrived is known after the channel's
   * next sync.
   */
  void images(Path directory) throws PodkitException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.img")) {
      for (Path file : files) {
        image(file);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot read CRIU's images", e);
    }
  }

  private void image(Path file) throws PodkitException {
    try (InputStream in = Files.newInputStream(file);
        BulkOutput out = channel.begin(new Bulk.ImageBegin(file.getFileName().toString()))) {
      in.transferTo(new TreeSync.Counting(out, sent));
      out.finish(new Bulk.ImageEnd());
    } catch (IOException e) {
      throw ChannelIoException.unwrap("sending " + file.getFileName(), e);
    }
  }
}
