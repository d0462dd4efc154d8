package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.migrate.pki.HostIdentity;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.ProtocolException;
import io.podkit.migrate.protocol.ProtocolException.Violation;
import io.podkit.migrate.protocol.ProtocolVersion;
import io.podkit.migrate.protocol.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;

/** Receives a caller: who is it, what does it want, who takes over? */
final class Reception {

  private final HostIdentity identity;
  private final Greeting greeting;
  private final PeerHandler handler;
  private final Timeouts timeouts;
  private final Admission admission;
  private final OpenConnections open;
  private final ChannelGates gates = new ChannelGates();

  /**
   * A reception.
   *
   * @param admission where each caller has been counted in
   * @param open where connections are entered while they are open
   */
  Reception(
      HostIdentity identity,
      Greeting greeting,
      PeerHandler handler,
      Timeouts timeouts,
      Admission admission,
      OpenConnections open) {
    this.identity = identity;
    this.greeting = greeting;
    this.handler = handler;
    this.timeouts = timeouts;
    this.admission = admission;
    this.open = open;
  }

  /** A peer that is known, and the first thing it said. */
  private record Caller(Connection connection, Frame first) {}

  /** Takes over a socket and runs its conversation to the end, on the calling thread. */
  void receive(SocketChannel socket, InetAddress from) {
    Caller caller;
    try {
      caller = meet(socket);
    } catch (PodkitException e) {
      TransportLog.LOG.warn("refused a caller at {}: {}", from.getHostAddress(), e.what());
      return;
    } finally {
      admission.endHandshake(from);
    }
    boolean handedOver = false;
    try {
      handedOver = serve(caller);
    } catch (PodkitException e) {
      TransportLog.LOG.warn(
          "the conversation with {} ended: {}", caller.connection.peer(), e.what());
    } finally {
      if (!handedOver) {
        caller.connection.abort();
      }
    }
  }

  private Caller meet(SocketChannel socket) throws PodkitException {
    Connection connection = shakeHands(socket);
    boolean done = false;
    try {
      Frame first = connection.receive(timeouts.handshake());
      if (first == null) {
        throw PodkitException.timeout(connection.peer() + " connected and then said nothing");
      }
      done = true;
      return new Caller(connection, first);
    } finally {
      if (!done) {
        connection.abort();
      }
    }
  }

  private Connection shakeHands(SocketChannel socket) throws PodkitException {
    boolean done = false;
    open.add(socket, () -> cut(socket));
    try {
      Opening opening =
          Opening.open(
              socket,
              identity,
              false,
              ProtocolVersion.CURRENT,
              Deadline.after(timeouts.handshake()));
      Connection connection =
          new Connection(
              opening.channel(), opening.peer(), timeouts, timeouts.stall(), this::forget);
      open.add(connection, connection::abort);
      done = true;
      return connection;
    } catch (IOException e) {
      throw OpeningFailures.describe("the caller", "the caller", identity, e);
    } finally {
      open.remove(socket);
      if (!done) {
        cut(socket);
        admission.leave();
      }
    }
  }

  private void forget(Connection connection) {
    open.remove(connection);
    admission.leave();
  }

  private static void cut(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      TransportLog.debug("closing a caller's socket", e);
    }
  }

  /** Whether somebody else has the connection now. */
  private boolean serve(Caller caller) throws PodkitException {
    Message first = caller.first.message();
    if (first instanceof Session.Hello hello) {
      converse(caller, hello);
      return false;
    }
    if (first instanceof Bulk.ChannelOpen wanted) {
      letIn(caller, wanted);
      return true;
    }
    throw refused(
        caller.connection,
        ProtocolException.of(
            Violation.ORDER, caller.connection.peer() + " began with " + first.type()));
  }

  private void converse(Caller caller, Session.Hello hello) throws PodkitException {
    Connection connection = caller.connection;
    connection.setStall(timeouts.silence());
    Peer peer = connection.peer();
    if (!hello.host().equals(peer.name().host().value())) {
      throw refused(
          connection,
          ProtocolException.of(
              Violation.CONTENT, peer + " calls itself '" + hello.host() + "' in its greeting"));
    }
    connection.send(
        caller.first.id(),
        new Session.Welcome(
            identity.name().host().value(), greeting.podkitVersion(), greeting.capabilities()));
    try (ControlChannel control =
        new ControlChannel(connection, timeouts, hello.capabilities()).start()) {
      PodkitException failure =
          PodkitException.internal("the agent failed; its log says why", null);
      boolean done = false;
      try {
        handler.converse(control, gates);
        done = true;
      } catch (PodkitException e) {
        failure = e;
        throw e;
      } finally {
        if (!done) {
          control.fail(failure);
        }
      }
    }
  }

  private void letIn(Caller caller, Bulk.ChannelOpen wanted) throws PodkitException {
    Connection connection = caller.connection;
    ChannelGate gate;
    try {
      gate = gates.find(connection.peer(), wanted);
    } catch (PodkitException e) {
      throw refused(connection, e);
    }
    DataChannel channel =
        new DataChannel(connection, timeouts, RateLimiter.unlimited(), wanted.index());
    channel.answer(caller.first, new Bulk.ChannelReady());
    gate.enter(channel); // from here the gate owns it
  }

  private static PodkitException refused(Connection connection, PodkitException reason) {
    connection.tellPeer(reason);
    return reason;
  }
}
