package io.podkit.migrate.live;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.LiveControl;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one running migration takes orders: {@code <run>/migrations/<pod>.sock}, in a directory
 * that only its owner may enter. One caller at a time, one request each. Closing it removes it.
 */
public final class LiveSocket implements AutoCloseable {
  private static final Duration REQUEST = Duration.ofSeconds(2);
  private static final Duration LAST_ANSWER = Duration.ofSeconds(1);
  private static final int WAITING = 16;

  private static final Logger LOG = LoggerFactory.getLogger(LiveSocket.class);

  private final Path file;
  private final ServerSocketChannel door;
  private final LiveControl control;
  private final Thread thread;

  private LiveSocket(Path file, ServerSocketChannel door, PodName pod, LiveControl control) {
    this.file = file;
    this.door = door;
    this.control = control;
    thread = new Thread(this::serve, "live-" + pod);
    thread.setDaemon(true);
  }

  /** The socket of that pod's migration. */
  static Path file(Path run, PodName pod) {
    return run.resolve("migrations").resolve(pod + ".sock");
  }

  /**
   * Begins to take orders. The caller holds the pod's lock: a socket that is there already belongs
   * to a migration that died, and is replaced.
   *
   * @param run the host's run directory
   */
  public static LiveSocket open(Path run, PodName pod, LiveControl control) throws PodkitException {
    Path file = file(run, pod);
    try {
      Files.createDirectories(
          run.resolve("migrations"),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.deleteIfExists(file);
      ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        door.bind(UnixDomainSocketAddress.of(file), WAITING);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        door.close();
        throw e;
      }
      LiveSocket socket = new LiveSocket(file, door, pod, control);
      socket.thread.start();
      return socket;
    } catch (IOException e) {
      throw PodkitException.io("cannot listen on " + file, e);
    }
  }

  private void serve() {
    while (true) {
      SocketChannel next;
      try {
        next = door.accept();
      } catch (IOException e) {
        return; // closed
      }
      try (LineChannel caller = new LineChannel(next, REQUEST)) {
        answer(caller);
      } catch (IOException e) {
        // This one is gone, or takes no answer; the next may be better.
      }
    }
  }

  private void answer(LineChannel caller) throws IOException {
    LiveRequest request;
    try {
      request = caller.read(LiveRequest.class);
    } catch (IOException e) {
      caller.write(LiveAnswer.failed(PodkitException.usage("bad request: " + e.getMessage())));
      return;
    }
    try {
      caller.write(LiveAnswer.done(request.carryOut(control)));
    } catch (PodkitException e) {
      caller.write(LiveAnswer.failed(e));
    }
  }

  /**
   * Takes no more orders; who has given the last one still hears what came of it. Throws nothing: a
   * pod that has moved has moved, and a file that is left leads nowhere and is replaced by the next
   * migration.
   */
  @Override
  public void close() {
    try (door) {
      Files.deleteIfExists(file); // first, so that nobody calls a closed door
    } catch (IOException e) {
      LOG.warn("cannot remove {}", file, e);
    }
    try {
      thread.join(LAST_ANSWER.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}
