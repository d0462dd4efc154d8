package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Pki;
import io.podkit.migrate.pki.HostIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Two hosts with certificates of one authority, on the loopback device. */
public final class TwoHosts {

  /** Long enough for a machine that does much else; a test that waits for one takes its own. */
  static final Timeouts PATIENT = timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20));

  static Timeouts timeouts(Duration handshake, Duration silence) {
    return new Timeouts(
        Duration.ofSeconds(10),
        handshake,
        silence,
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofMillis(500));
  }

  static final Greeting GREETING = new Greeting("0.1.0", Set.of("test"));

  final HostIdentity a;
  final HostIdentity b;

  private TwoHosts(HostIdentity a, HostIdentity b) {
    this.a = a;
    this.b = b;
  }

  /** Makes their authority and certificates there. */
  public static TwoHosts in(Path directory) throws PodkitException {
    Pki authority = Pki.open(directory.resolve("authority"));
    authority.init(false);
    return new TwoHosts(issue(authority, "hosta", directory), issue(authority, "hostb", directory));
  }

  static HostIdentity issue(Pki authority, String host, Path directory) throws PodkitException {
    Path bundle = directory.resolve(host);
    authority.issue(host, List.of("127.0.0.1", "localhost"), bundle, true);
    return HostIdentity.load(bundle, Instant.now());
  }

  /** An agent on host B. */
  public AgentServer serveAsB(PeerHandler handler) throws PodkitException {
    return serveAsB(handler, PATIENT, ServerLimits.STANDARD);
  }

  /** An agent on host B that can do something more. */
  public AgentServer serveAsB(PeerHandler handler, Set<String> capabilities)
      throws PodkitException {
    Greeting greeting = new Greeting("0.1.0", capabilities);
    return serveAsB(handler, greeting, PATIENT, ServerLimits.STANDARD);
  }

  AgentServer serveAsB(PeerHandler handler, Timeouts timeouts, ServerLimits limits)
      throws PodkitException {
    return serveAsB(handler, GREETING, timeouts, limits);
  }

  private AgentServer serveAsB(
      PeerHandler handler, Greeting greeting, Timeouts timeouts, ServerLimits limits)
      throws PodkitException {
    return AgentServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        b,
        greeting,
        handler,
        timeouts,
        limits);
  }

  /** A caller on host A. */
  public AgentClient clientA() {
    return new AgentClient(a, GREETING, PATIENT);
  }

  /** How host A reaches it. */
  public static AgentAddress addressOf(AgentServer server) {
    return new AgentAddress("127.0.0.1", server.address().getPort(), "hostb");
  }
}
