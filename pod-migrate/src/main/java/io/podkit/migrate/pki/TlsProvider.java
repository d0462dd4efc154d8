package io.podkit.migrate.pki;

import io.podkit.error.PodkitException;
import java.security.Provider;
import org.conscrypt.Conscrypt;

/**
 * Who speaks TLS: BoringSSL, through Conscrypt. The JDK's own is slow until its second compiler has
 * been at work for seconds, which a command that moves a pod has not; see {@code
 * docs/adr/0014-tls-is-native.md}.
 */
final class TlsProvider {

  private TlsProvider() {}

  /**
   * The provider.
   *
   * @throws PodkitException UNSUPPORTED if its native half cannot be loaded
   */
  static Provider get() throws PodkitException {
    try {
      Conscrypt.checkAvailability();
    } catch (UnsatisfiedLinkError e) {
      throw PodkitException.unsupported(
          "the TLS library cannot be loaded: " + e.getMessage(), PkiHints.NATIVE_LIBRARY);
    }
    return Conscrypt.newProvider();
  }
}
