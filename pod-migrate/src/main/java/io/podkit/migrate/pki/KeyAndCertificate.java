package io.podkit.migrate.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * A private key and the certificate of its public half.
 *
 * @param key the secret
 * @param certificate signed by the authority
 */
record KeyAndCertificate(PrivateKey key, X509Certificate certificate) {

  /** Does not show the key. */
  @Override
  public String toString() {
    return "KeyAndCertificate[" + certificate.getSubjectX500Principal() + "]";
  }
}
