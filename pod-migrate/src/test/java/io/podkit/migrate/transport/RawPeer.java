package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.migrate.pki.HostIdentity;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.FrameEncoder;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.ProtocolVersion;
import io.podkit.migrate.protocol.Session;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/** A caller with a good certificate that says exactly what a test tells it to, and never pings. */
final class RawPeer implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final TlsChannel channel;
  private final Connection connection;

  private RawPeer(Opening opening) {
    channel = opening.channel();
    connection = new Connection(channel, opening.peer(), TwoHosts.PATIENT, SOON, closed -> {});
  }

  static RawPeer call(InetSocketAddress server, HostIdentity identity, ProtocolVersion version)
      throws IOException, PodkitException {
    return new RawPeer(
        Opening.open(SocketChannel.open(server), identity, true, version, Deadline.after(SOON)));
  }

  /** Calls, and greets as a control connection does. */
  static RawPeer greet(InetSocketAddress server, HostIdentity identity)
      throws IOException, PodkitException {
    RawPeer peer = call(server, identity, ProtocolVersion.CURRENT);
    peer.say(0, new Session.Hello(identity.name().host().value(), "0", Set.of()));
    if (!(peer.hear().message() instanceof Session.Welcome)) {
      throw new AssertionError("no welcome");
    }
    return peer;
  }

  void say(int id, Message message) throws IOException, PodkitException {
    channel.write(FrameEncoder.encode(new Frame(id, message)), SOON);
  }

  void say(byte[] bytes) throws IOException {
    channel.write(new ByteBuffer[] {ByteBuffer.wrap(bytes), ByteBuffer.allocate(0)}, SOON);
  }

  /** The next frame that is not a ping. */
  Frame hear() throws PodkitException {
    Frame frame;
    do {
      frame = Objects.requireNonNull(connection.receive(SOON), "the server says nothing");
    } while (frame.message() instanceof Session.Ping);
    return frame;
  }

  /** What the server says before it ends the connection. */
  String failure() throws PodkitException {
    return ((Session.Failure) hear().message()).what();
  }

  void goodbye() {
    connection.sayGoodbye();
  }

  @Override
  public void close() {
    connection.abort();
  }
}
