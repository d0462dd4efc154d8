package io.podkit.fs.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Whether a registry is there and proves who it is: a look at it before the client library's, which
 * tries again for a minute what will not become better. Behind a proxy nothing is looked at.
 */
final class Reach {
  private static final int PATIENCE_MS = 10_000;
  private static final int TLS_PORT = 443;
  private static final int PLAIN_PORT = 80;

  private Reach() {}

  /**
   * Connects and hangs up again.
   *
   * @param registry {@code HOST[:PORT]}
   * @param verified whether it has to prove who it is
   * @throws IOException if nobody is there, or the proof fails
   */
  static void require(String registry, boolean verified) throws IOException {
    if (System.getProperty("https.proxyHost") != null
        || System.getProperty("http.proxyHost") != null) {
      return;
    }
    int colon = registry.lastIndexOf(':');
    boolean hasPort = colon >= 0 && registry.substring(colon + 1).matches("\\d{1,5}");
    String host = hasPort ? registry.substring(0, colon) : registry;
    if (hasPort) {
      connect(host, Integer.parseInt(registry.substring(colon + 1)), verified);
      return;
    }
    try {
      connect(host, TLS_PORT, verified);
    } catch (UnknownHostException e) {
      throw e;
    } catch (IOException e) {
      if (verified) {
        throw e;
      }
      connect(host, PLAIN_PORT, false);
    }
  }

  private static void connect(String host, int port, boolean verified) throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UnknownHostException(host);
    }
    try (Socket socket = new Socket()) {
      socket.connect(address, PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
      if (verified) {
        handshake(socket, host, port);
      }
    }
  }

  private static void handshake(Socket socket, String host, int port) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    try (SSLSocket secure = (SSLSocket) factory.createSocket(socket, host, port, false)) {
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      secure.startHandshake();
    }
  }
}
