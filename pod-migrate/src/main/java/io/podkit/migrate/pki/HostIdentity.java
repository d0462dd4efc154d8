package io.podkit.migrate.pki;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What this host shows to others and whom it trusts: its own key and certificate, and the one
 * authority. Immutable; a certificate that is replaced on disk is seen by loading again.
 */
public final class HostIdentity {

  private final PeerName name;
  private final Instant notAfter;
  private final String fingerprint;
  private final String authority;
  private final SSLContext context;

  private HostIdentity(
      PeerName name, X509Certificate own, X509Certificate authority, SSLContext context)
      throws GeneralSecurityException {
    this.name = name;
    this.notAfter = own.getNotAfter().toInstant();
    this.fingerprint =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(authority.getEncoded()));
    this.authority = authority.getSubjectX500Principal().getName();
    this.context = context;
  }

  /**
   * Loads {@code host.key}, {@code host.crt} and {@code ca.crt}.
   *
   * @param directory the host's {@code <root>/pki}, or a bundle
   * @param now to tell whether they have expired
   * @throws PodkitException NOT_FOUND if one is missing; REFUSED if the key is readable by others,
   *     one has expired or they do not belong together; UNSUPPORTED if this host cannot speak TLS
   */
  public static HostIdentity load(Path directory, Instant now) throws PodkitException {
    PkiDirectory files = new PkiDirectory(directory);
    KeyAndCertificate own =
        new KeyAndCertificate(
            PemFile.key(files.hostKey()), PemFile.certificate(files.hostCertificate()));
    X509Certificate authority = PemFile.certificate(files.caCertificate());
    try {
      PeerName name = PeerName.of(own.certificate());
      requireCurrent(name.host().value(), own.certificate(), files.hostCertificate(), now);
      requireCurrent("HOST", authority, files.caCertificate(), now);
      requireSigned(own, authority, files);
      return new HostIdentity(name, own.certificate(), authority, context(own, authority));
    } catch (CertificateParsingException e) {
      throw unusable(files.hostCertificate() + " cannot be used: " + e.getMessage(), e);
    } catch (GeneralSecurityException | IOException e) {
      throw unusable("the keys in " + directory + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** What this host is called. */
  public PeerName name() {
    return name;
  }

  /** When its certificate expires. */
  public Instant notAfter() {
    return notAfter;
  }

  /** SHA-256 of the authority's certificate: equal on hosts that trust each other. */
  public String fingerprint() {
    return fingerprint;
  }

  /** The authority's name, for messages. */
  public String authority() {
    return authority;
  }

  /** TLS with this identity: TLS 1.3, and only our authority is trusted. */
  public SSLContext context() {
    return context;
  }

  private static void requireCurrent(
      String host, X509Certificate certificate, Path file, Instant now) throws PodkitException {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    if (now.isAfter(to)) {
      throw PodkitException.of(
          ErrorKind.REFUSED, "certificate " + file + " expired on " + to, PkiHints.renew(host));
    }
    if (now.isBefore(from)) {
      throw PodkitException.of(
          ErrorKind.REFUSED,
          "certificate " + file + " is valid only from " + from,
          PkiHints.renew(host));
    }
  }

  private static void requireSigned(
      KeyAndCertificate own, X509Certificate authority, PkiDirectory files) throws PodkitException {
    try {
      own.certificate().verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw unusable(
          files.hostCertificate() + " was not signed by the authority in " + files.caCertificate(),
          e);
    }
    try {
      requirePair(own);
    } catch (GeneralSecurityException e) {
      throw unusable(files.hostKey() + " is not the key of " + files.hostCertificate(), e);
    }
  }

  private static void requirePair(KeyAndCertificate own) throws GeneralSecurityException {
    byte[] sample = {1};
    PublicKey publicKey = own.certificate().getPublicKey();
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(own.key());
    signer.update(sample);
    byte[] signature = signer.sign();
    signer.initVerify(publicKey);
    signer.update(sample);
    if (!signer.verify(signature)) {
      throw new GeneralSecurityException("key and certificate differ");
    }
  }

  private static SSLContext context(KeyAndCertificate own, X509Certificate authority)
      throws GeneralSecurityException, IOException, PodkitException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", authority);
    Provider provider = TlsProvider.get();
    TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX", provider);
    trustManagers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3", provider);
    context.init(new KeyManager[] {new OwnKey(own)}, trustManagers.getTrustManagers(), null);
    return context;
  }

  private static PodkitException unusable(String what, Exception cause) {
    return new PodkitException(ErrorKind.REFUSED, what, PkiHints.INSTALL, cause);
  }
}
