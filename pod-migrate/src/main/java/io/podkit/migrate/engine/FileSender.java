package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.LayerNeed;
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

  /** Until somebody else has sent the target a layer, over a link that may be slow. */
  private static final Duration TURN = Duration.ofHours(1);

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
   * Sends what the target lacks of a layer, and returns when it has verified and stored all of it.
   * Somebody else may be sending it the same one: then this waits.
   *
   * @return how many bytes of it were there already
   */
  long offer(LayerStore layers, LayerNeed layer) throws PodkitException {
    LayerDigest digest = layer.digest();
    Bulk.LayerWanted wanted = channel.ask(new Bulk.LayerOffer(digest, layer.size()), TURN);
    if (wanted.here()) {
      return layer.size();
    }
    if (wanted.offset() > layer.size()) {
      throw PodkitException.peer(
          channel.peer() + " has more of layer " + digest + " than there is", null);
    }
    long offset =
        layers.prefix(digest, wanted.offset()).equals(wanted.prefix()) ? wanted.offset() : 0;
    try (InputStream in = layers.open(digest);
        BulkOutput out = channel.begin(new Bulk.LayerRest(digest, offset))) {
      in.skipNBytes(offset);
      in.transferTo(new TreeSync.Counting(out, sent));
      out.finish(new Bulk.LayerEnd(), PATIENCE);
    } catch (IOException e) {
      throw ChannelIoException.unwrap("sending layer " + digest, e);
    }
    return offset;
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
