package io.podkit.migrate.live;

import io.podkit.core.api.PodName;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.LiveControl;
import io.podkit.migrate.api.LiveStatus;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A migration that runs in another process of this host; connects anew for each order. */
public final class LiveClient implements LiveControl {
  /** Above the time that a caller before us may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path file;
  private final PodName pod;

  private LiveClient(Path file, PodName pod) {
    this.file = file;
    this.pod = pod;
  }

  /**
   * The migration of that pod.
   *
   * @param run the host's run directory
   * @throws PodkitException NOT_FOUND if none runs
   */
  public static LiveClient of(Path run, PodName pod) throws PodkitException {
    LiveClient client = new LiveClient(LiveSocket.file(run, pod), pod);
    client.status();
    return client;
  }

  @Override
  public void setDowntime(Duration limit) throws PodkitException {
    ask(LiveRequest.Order.SET_DOWNTIME, limit.toMillis());
  }

  @Override
  public void setBandwidth(OptionalLong bytesPerSecond) throws PodkitException {
    ask(
        LiveRequest.Order.SET_BANDWIDTH,
        bytesPerSecond.isPresent() ? bytesPerSecond.getAsLong() : null);
  }

  @Override
  public void switchToPostCopy() throws PodkitException {
    ask(LiveRequest.Order.SWITCH_TO_POST_COPY, null);
  }

  @Override
  public void cancel() throws PodkitException {
    ask(LiveRequest.Order.CANCEL, null);
  }

  @Override
  public LiveStatus status() throws PodkitException {
    LiveStatus status = ask(LiveRequest.Order.STATUS, null);
    if (status == null) {
      throw PodkitException.internal("the migration of pod " + pod + " told no status", null);
    }
    return status;
  }

  private @Nullable LiveStatus ask(LiveRequest.Order order, @Nullable Long value)
      throws PodkitException {
    if (!Files.exists(file)) {
      throw PodkitException.of(
          ErrorKind.NOT_FOUND,
          "no migration of pod " + pod + " runs on this host",
          new Hint("orders go to the host that the pod leaves; pod ps shows what is where"));
    }
    try (LineChannel line = new LineChannel(connect(), PATIENCE)) {
      line.write(new LiveRequest(order, value));
      return line.read(LiveAnswer.class).orThrow();
    } catch (ConnectException e) {
      throw PodkitException.of(
          ErrorKind.NOT_FOUND,
          "the migration of pod " + pod + " does not run any more",
          new Hint("if it died on the way: pod recover " + pod));
    } catch (IOException e) {
      throw PodkitException.io("cannot talk to the migration of pod " + pod, e);
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(file));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
