package io.podkit.migrate.transport;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.pki.HostIdentity;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens for other hosts. Everything a caller does before its certificate has been checked is
 * bounded in time and number; what happens then is the {@link PeerHandler}'s business.
 */
public final class AgentServer implements AutoCloseable {

  private static final int BACKLOG = 128;
  private static final Duration IDLE_THREAD = Duration.ofSeconds(30);
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final ServerSocketChannel listener;
  private final Reception reception;
  private final Admission admission;
  private final ThreadPoolExecutor threads;
  private final Thread acceptor;
  private final OpenConnections open = new OpenConnections();

  private AgentServer(
      ServerSocketChannel listener,
      HostIdentity identity,
      Greeting greeting,
      PeerHandler handler,
      Timeouts timeouts,
      ServerLimits limits) {
    this.listener = listener;
    this.admission = new Admission(limits);
    this.reception = new Reception(identity, greeting, handler, timeouts, admission, open);
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            0,
            limits.connections(),
            IDLE_THREAD.toSeconds(),
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> daemon("agent-" + number.incrementAndGet(), work));
    this.acceptor = daemon("agent-accept", this::acceptAll);
  }

  /**
   * Begins to listen.
   *
   * @param address where; port 0 for any free one
   * @throws PodkitException CONFLICT if something listens there already, IO for other failures
   */
  public static AgentServer start(
      InetSocketAddress address,
      HostIdentity identity,
      Greeting greeting,
      PeerHandler handler,
      Timeouts timeouts,
      ServerLimits limits)
      throws PodkitException {
    String cannot = "cannot listen on " + address.getHostString() + ":" + address.getPort();
    try {
      ServerSocketChannel listener = ServerSocketChannel.open();
      try {
        listener.bind(address, BACKLOG);
      } catch (IOException e) {
        listener.close();
        throw e;
      }
      AgentServer server = new AgentServer(listener, identity, greeting, handler, timeouts, limits);
      server.acceptor.start();
      return server;
    } catch (BindException e) {
      throw new PodkitException(
          ErrorKind.CONFLICT, cannot + ": " + e.getMessage(), TransportHints.IN_USE, e);
    } catch (IOException e) {
      throw PodkitException.io(cannot, e);
    }
  }

  /** Where it listens, with the port that was chosen. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.socket().getLocalSocketAddress();
  }

  /** Connections that are open now. */
  public int connections() {
    return open.count();
  }

  private void acceptAll() {
    while (listener.isOpen()) {
      try {
        receive(listener.accept());
      } catch (IOException e) {
        if (!listener.isOpen()) {
          return;
        }
        // Out of descriptors, perhaps: those who are connected will give some back.
        TransportLog.LOG.warn("cannot accept a connection: {}", e.toString());
        pause();
      }
    }
  }

  private void receive(SocketChannel socket) throws IOException {
    InetAddress from = ((InetSocketAddress) socket.getRemoteAddress()).getAddress();
    if (!admission.beginHandshake(from)) {
      TransportLog.LOG.warn("turned {} away: too many connections", from.getHostAddress());
      socket.close();
      return;
    }
    try {
      threads.execute(() -> reception.receive(socket, from));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // No thread for it (the JVM says "out of memory" to that): others may be served still.
      TransportLog.LOG.warn("turned {} away: {}", from.getHostAddress(), e.toString());
      admission.endHandshake(from);
      admission.leave();
      socket.close();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(ACCEPT_PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Stops: accepts no more, gives conversations {@code grace} to end by themselves, then cuts them;
   * their handlers get PeerLost and undo what they did.
   *
   * @return whether every handler has returned
   */
  public boolean stop(Duration grace) throws InterruptedException {
    closeListener();
    threads.shutdown();
    boolean ended = threads.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
    open.cutAll();
    return ended || threads.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits until the server was stopped. */
  public void join() throws InterruptedException {
    acceptor.join();
  }

  /** Stops without grace and does not wait. */
  @Override
  public void close() {
    closeListener();
    threads.shutdown();
    open.cutAll();
  }

  private void closeListener() {
    try {
      listener.close();
    } catch (IOException e) {
      TransportLog.debug("closing the listener", e);
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (failed, e) -> TransportLog.LOG.error("thread {} failed", failed.getName(), e));
    return thread;
  }
}
