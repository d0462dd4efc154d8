package io.podkit.migrate.transport;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.pki.HostIdentity;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.ChannelToken;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.protocol.ProtocolException;
import io.podkit.migrate.protocol.ProtocolException.Violation;
import io.podkit.migrate.protocol.ProtocolVersion;
import io.podkit.migrate.protocol.Session;
import io.podkit.migrate.protocol.Session.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Calls agents on other hosts. Immutable and thread-safe. */
public final class AgentClient {

  private static final int FIRST_ID = 1;

  private final HostIdentity identity;
  private final Greeting greeting;
  private final Timeouts timeouts;
  private final ProtocolVersion version;

  /** A client that shows that identity. */
  public AgentClient(HostIdentity identity, Greeting greeting, Timeouts timeouts) {
    this(identity, greeting, timeouts, ProtocolVersion.CURRENT);
  }

  AgentClient(
      HostIdentity identity, Greeting greeting, Timeouts timeouts, ProtocolVersion version) {
    this.identity = identity;
    this.greeting = greeting;
    this.timeouts = timeouts;
    this.version = version;
  }

  /**
   * Opens a conversation. The caller closes it.
   *
   * @throws PodkitException PEER with the reason and its cure: nothing listens, another version,
   *     another host than expected, a certificate that one side does not accept
   */
  public ControlChannel connect(AgentAddress agent) throws PodkitException {
    Connection connection = open(agent, timeouts.silence());
    boolean done = false;
    try {
      Session.Hello hello =
          new Session.Hello(
              identity.name().host().value(), greeting.podkitVersion(), greeting.capabilities());
      connection.send(FIRST_ID, hello);
      Session.Welcome welcome = first(connection, hello.answerType());
      done = true;
      return new ControlChannel(connection, timeouts, welcome.capabilities()).start();
    } finally {
      if (!done) {
        connection.abort();
      }
    }
  }

  /**
   * Opens one more data connection to the host that {@code control} talks to. The caller closes it;
   * it also ends when {@code control} ends.
   *
   * @param agent as for {@link #connect}
   * @param token from {@link Control.Prepared}
   * @param index which of the migration's data channels it becomes, from 0
   * @param limiter shared by all channels that the user's limit is meant for
   */
  public DataChannel openData(
      ControlChannel control,
      AgentAddress agent,
      MigrationId migration,
      ChannelToken token,
      int index,
      RateLimiter limiter)
      throws PodkitException {
    Connection connection = open(agent, timeouts.stall());
    boolean done = false;
    try {
      if (!connection.peer().name().equals(control.peer().name())) {
        throw PodkitException.peer(
            agent + " was " + control.peer().name() + " and is now " + connection.peer().name(),
            null);
      }
      Bulk.ChannelOpen hello = new Bulk.ChannelOpen(migration, token, index);
      connection.send(FIRST_ID, hello);
      first(connection, hello.answerType());
      DataChannel channel = new DataChannel(connection, timeouts, limiter, index);
      control.onEnd((PodkitException reason) -> channel.abort(reason));
      done = true;
      return channel;
    } finally {
      if (!done) {
        connection.abort();
      }
    }
  }

  /**
   * Asks, on a connection of its own, what became of a migration.
   *
   * @throws PodkitException if the agent cannot be asked; the answer is then not known
   */
  public MigrationState status(AgentAddress agent, MigrationId migration, Duration timeout)
      throws PodkitException {
    try (ControlChannel control = connect(agent)) {
      return control.ask(new Control.StatusQuery(migration), timeout).state();
    }
  }

  private Connection open(AgentAddress agent, Duration stall) throws PodkitException {
    try {
      SocketChannel socket = connectSocket(agent);
      Opening opening =
          Opening.open(socket, identity, true, version, Deadline.after(timeouts.handshake()));
      Connection connection =
          new Connection(opening.channel(), opening.peer(), timeouts, stall, closed -> {});
      requireExpected(agent, connection);
      return connection;
    } catch (IOException e) {
      throw OpeningFailures.describe(agent.toString(), agent.host(), identity, e);
    } catch (ProtocolException e) {
      throw e.during("cannot talk to " + agent);
    }
  }

  /** Before anything is said: the peer must be the one the user means. */
  private static void requireExpected(AgentAddress agent, Connection connection)
      throws PodkitException {
    Peer peer = connection.peer();
    if (!peer.name().answersTo(agent.name())) {
      connection.abort();
      throw PodkitException.of(
          ErrorKind.PEER,
          agent + " is not " + agent.name() + ": its certificate names " + peer.name(),
          TransportHints.wrongName(agent.name(), peer.toString()));
    }
  }

  /** Tries all addresses of the host in turn. */
  private SocketChannel connectSocket(AgentAddress agent) throws IOException {
    IOException first = null;
    for (InetAddress address : InetAddress.getAllByName(agent.host())) {
      SocketChannel socket = SocketChannel.open();
      try {
        socket
            .socket()
            .connect(
                new InetSocketAddress(address, agent.port()),
                Math.toIntExact(timeouts.connect().toMillis()));
        return socket;
      } catch (IOException e) {
        socket.close();
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    throw first == null ? new IOException("it has no address") : first;
  }

  /** The first answer, which is still part of the handshake and its time. */
  private <A> A first(Connection connection, Class<A> type) throws PodkitException {
    Frame frame = connection.receive(timeouts.handshake());
    Peer peer = connection.peer();
    if (frame == null) {
      throw PodkitException.timeout(
          peer + " did not answer within " + Timeouts.inWords(timeouts.handshake()));
    }
    if (frame.message() instanceof Failure failure) {
      throw new PeerFailureException(peer, failure);
    }
    if (frame.id() != FIRST_ID || !type.isInstance(frame.message())) {
      throw ProtocolException.of(Violation.ORDER, peer + " began with " + frame.message().type());
    }
    return type.cast(frame.message());
  }
}
