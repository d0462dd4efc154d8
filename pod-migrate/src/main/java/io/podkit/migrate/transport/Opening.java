package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.migrate.pki.HostIdentity;
import io.podkit.migrate.pki.PeerName;
import io.podkit.migrate.protocol.ProtocolException;
import io.podkit.migrate.protocol.ProtocolException.Violation;
import io.podkit.migrate.protocol.ProtocolVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * From a TCP connection to a peer that is known and speaks our version: TLS, the name in the
 * certificate, the preamble. The same on both sides.
 *
 * @param channel ready for frames
 * @param peer who is at the other end
 */
record Opening(TlsChannel channel, Peer peer) {

  /** Its cipher suites are all safe, and BoringSSL takes the one that the processor is best at. */
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  private static final Duration PREAMBLE_STALL = Duration.ofSeconds(5);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /**
   * Opens a connection; owns the socket and closes it if it fails.
   *
   * @param client whether this side called
   * @param version what to announce
   * @throws IOException if TLS or the network failed
   * @throws PodkitException if the peer is not one to talk to
   */
  static Opening open(
      SocketChannel socket,
      HostIdentity identity,
      boolean client,
      ProtocolVersion version,
      Deadline deadline)
      throws IOException, PodkitException {
    boolean done = false;
    TlsChannel channel = null;
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      InetSocketAddress address = (InetSocketAddress) socket.getRemoteAddress();
      channel = new TlsChannel(socket, engine(identity, client));
      channel.handshake(deadline);
      Opening opening = new Opening(channel, new Peer(nameOf(channel), address));
      opening.exchangePreambles(version, deadline);
      done = true;
      return opening;
    } finally {
      if (!done) {
        if (channel != null) {
          channel.close();
        }
        socket.close();
      }
    }
  }

  private static SSLEngine engine(HostIdentity identity, boolean client) {
    // Without the peer's name and port no session is resumed: every certificate is looked at.
    SSLEngine engine = identity.context().createSSLEngine();
    engine.setUseClientMode(client);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setNeedClientAuth(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static PeerName nameOf(TlsChannel channel) throws IOException, ProtocolException {
    try {
      return PeerName.of((X509Certificate) channel.session().getPeerCertificates()[0]);
    } catch (CertificateParsingException e) {
      throw ProtocolException.of(
          Violation.CONTENT, "the peer's certificate cannot be used: " + e.getMessage());
    }
  }

  private void exchangePreambles(ProtocolVersion version, Deadline deadline)
      throws IOException, ProtocolException {
    channel.write(new ByteBuffer[] {version.preamble(), NOTHING.duplicate()}, PREAMBLE_STALL);
    ByteBuffer theirs = ByteBuffer.allocate(ProtocolVersion.PREAMBLE_BYTES);
    while (theirs.hasRemaining()) {
      if (channel.read(theirs, deadline) < 0) {
        throw ProtocolException.of(
            Violation.TRUNCATED, peer + " ended the connection before it told its version");
      }
    }
    try {
      version.requireCompatible(ProtocolVersion.parsePreamble(theirs.flip()));
    } catch (ProtocolException e) {
      channel.closeOutput(PREAMBLE_STALL); // our version is on its way and must arrive
      throw e;
    }
  }
}
