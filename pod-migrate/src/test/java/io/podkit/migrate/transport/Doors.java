package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that hands each conversation to the test's own thread and holds it open meanwhile. */
final class Doors implements AutoCloseable {

  /** A conversation as the server sees it. */
  record Visit(ControlChannel control, ChannelGates gates) {}

  final TwoHosts hosts;
  final AgentServer server;
  private final BlockingQueue<Visit> visits = new LinkedBlockingQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);

  Doors(Path directory) throws PodkitException {
    this(directory, TwoHosts.PATIENT, ServerLimits.STANDARD);
  }

  Doors(Path directory, Timeouts timeouts, ServerLimits limits) throws PodkitException {
    hosts = TwoHosts.in(directory);
    server = hosts.serveAsB(this::hold, timeouts, limits);
  }

  private void hold(ControlChannel control, ChannelGates gates) {
    visits.add(new Visit(control, gates));
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  ControlChannel call() throws PodkitException {
    return hosts.clientA().connect(TwoHosts.addressOf(server));
  }

  RawPeer callRaw() throws Exception {
    return RawPeer.greet(server.address(), hosts.a);
  }

  Visit visit() throws InterruptedException {
    Visit visit = visits.poll(30, TimeUnit.SECONDS);
    if (visit == null) {
      throw new AssertionError("nobody came");
    }
    return visit;
  }

  /** Waits until something becomes true, because another thread does it. */
  static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));
    while (!condition.getAsBoolean()) {
      if (deadline.hasPassed()) {
        throw new AssertionError("it did not happen");
      }
      Thread.sleep(5);
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.close();
  }
}
