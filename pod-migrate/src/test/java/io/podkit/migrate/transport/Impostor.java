package io.podkit.migrate.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A caller that trusts the right authority and shows a certificate of another one, or none. */
final class Impostor {

  private static final char[] NO_PASSWORD = {};

  private Impostor() {}

  /**
   * Calls and waits for the server's first byte.
   *
   * @param authority the certificate of the authority it trusts
   * @param shown a bundle with the key and certificate it shows
   * @return what it gets to hear instead of the server's version
   */
  static String call(Path authority, @Nullable Path shown, AgentServer server)
      throws IOException, GeneralSecurityException {
    try (SSLSocket socket =
        (SSLSocket)
            context(authority, shown)
                .getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(30_000);
      return "the server said " + socket.getInputStream().read();
    } catch (SSLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static SSLContext context(Path authority, @Nullable Path shown)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = emptyStore();
    trusted.setCertificateEntry("ca", certificate(authority));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(shown == null ? null : keys(shown), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyManager[] keys(Path bundle) throws IOException, GeneralSecurityException {
    String pem = Files.readString(bundle.resolve("host.key"));
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    KeyStore keys = emptyStore();
    keys.setKeyEntry(
        "host",
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)),
        NO_PASSWORD,
        new Certificate[] {certificate(bundle.resolve("host.crt"))});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
